import type { Handler } from '../handlers.js';

/** Handles `fuzzyFileSearch`: files whose paths fit a query, best first. */
export const handleFuzzyFileSearch: Handler<'fuzzyFileSearch'> = async (
  { query, roots, cancellationToken },
  { connection, services },
) => {
  const token = cancellationToken ?? undefined;
  return { files: await services.searches.searchOnce(connection, query, { roots, token }) };
};
