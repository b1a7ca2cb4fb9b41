import type { Handler } from '../handlers.js';

/** Handles `fuzzyFileSearch/sessionStart`: answers, then reads the names and says when all of them are there. */
export const handleFuzzyFileSearchSessionStart: Handler<'fuzzyFileSearch/sessionStart'> = (
  { sessionId, roots },
  context,
) => {
  const { connection, services } = context;
  services.searches.start(connection, sessionId, roots);
  context.afterwards(() => services.searches.look(connection, sessionId, ''));
  return {};
};
