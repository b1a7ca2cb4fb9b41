import { LIMITS } from '@millrace/protocol';
import { invalidRequest } from './rpc-error.js';

export interface PageRequest {
  /** The key of the last entry of the page before; absent or null for the first page. */
  readonly cursor?: string | null | undefined;
  /** Entries wanted; 0 counts as 1. */
  readonly limit: number;
  /** The most entries of a page, whatever the client wants; {@link LIMITS.maxPageSize} when absent. */
  readonly maxLimit?: number;
}

export interface Page<T> {
  readonly data: T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * One page of a list whose entries have unique keys.
 *
 * @throws {RpcError} `invalidRequest` for a cursor that no page gave.
 */
export function paginate<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
  { cursor, limit, maxLimit = LIMITS.maxPageSize }: PageRequest,
): Page<T> {
  const start = typeof cursor === 'string' ? entries.findIndex((entry) => keyOf(entry) === cursor) + 1 : 0;
  if (typeof cursor === 'string' && start === 0) throw invalidRequest(`invalid cursor: ${cursor}`);
  const size = Math.min(Math.max(limit, 1), maxLimit);
  const data = entries.slice(start, start + size);
  const last = data.at(-1);
  const hasMore = start + size < entries.length;
  return { data, nextCursor: hasMore && last !== undefined ? keyOf(last) : null };
}
