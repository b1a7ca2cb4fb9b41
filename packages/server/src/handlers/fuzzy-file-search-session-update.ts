import type { Handler } from '../handlers.js';

/** Handles `fuzzyFileSearch/sessionUpdate`: answers, then tells what is found for the new query. */
export const handleFuzzyFileSearchSessionUpdate: Handler<'fuzzyFileSearch/sessionUpdate'> = (
  { sessionId, query },
  context,
) => {
  const { connection, services } = context;
  services.searches.check(connection, sessionId, query);
  context.afterwards(() => services.searches.look(connection, sessionId, query));
  return {};
};
