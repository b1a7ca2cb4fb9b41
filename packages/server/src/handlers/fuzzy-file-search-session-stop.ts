import type { Handler } from '../handlers.js';

/** Handles `fuzzyFileSearch/sessionStop`: the session tells nothing more. */
export const handleFuzzyFileSearchSessionStop: Handler<'fuzzyFileSearch/sessionStop'> = (
  { sessionId },
  { connection, services },
) => {
  services.searches.stop(connection, sessionId);
  return {};
};
