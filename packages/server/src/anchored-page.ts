import { LIMITS, type SortDirection } from '@millrace/protocol';
import { invalidRequest } from './rpc-error.js';

/** What a page is cut from: the turns or the items of one thread. */
export interface PageScope {
  readonly kind: 'turns' | 'items';
  readonly threadId: string;
}

/** The place of an entry in its list. */
export interface Anchor {
  readonly key: string;
  /** Whether the page begins with the entry itself, else with the one after it. */
  readonly includes: boolean;
}

export interface AnchoredPageRequest {
  readonly scope: PageScope;
  readonly anchor: Anchor | undefined;
  readonly direction: SortDirection;
  /** Entries wanted; 0 counts as 1. */
  readonly limit: number;
}

/** A page that can be continued in both directions. */
export interface AnchoredPage<T> {
  readonly data: T[];
  /** For the next page in this order; null on the last one. */
  readonly nextCursor: string | null;
  /** For the page in the opposite order that begins where this one does; null where there is nothing. */
  readonly backwardsCursor: string | null;
}

/**
 * A page of a list that grows at its end while it is read: cursors name entries, not positions.
 *
 * @param entries Oldest first, with keys that no two of them share.
 * @returns `undefined` when no entry is the anchor.
 */
export function anchoredPage<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
  { scope, anchor, direction, limit }: AnchoredPageRequest,
): AnchoredPage<T> | undefined {
  const ordered = direction === 'asc' ? entries : entries.toReversed();
  const found = anchor === undefined ? 0 : ordered.findIndex((entry) => keyOf(entry) === anchor.key);
  if (found === -1) return undefined;
  const start = anchor === undefined || anchor.includes ? found : found + 1;
  const size = Math.min(Math.max(limit, 1), LIMITS.maxPageSize);
  const data = ordered.slice(start, start + size);
  const [first] = data;
  const last = data.at(-1);
  const hasMore = start + size < ordered.length;
  return {
    data,
    nextCursor:
      hasMore && last !== undefined ? encodeCursor(scope, { key: keyOf(last), includes: false }) : null,
    backwardsCursor: first === undefined ? null : encodeCursor(scope, { key: keyOf(first), includes: true }),
  };
}

/** The cursor as clients are given it. */
export function encodeCursor({ kind, threadId }: PageScope, { key, includes }: Anchor): string {
  return JSON.stringify({ threadId, kind, key, includes });
}

/**
 * The place that a cursor names; undefined for no cursor.
 *
 * @throws {RpcError} `invalidRequest` for a text that is no cursor of this list.
 */
export function decodeCursor(scope: PageScope, cursor: string | null | undefined): Anchor | undefined {
  if (typeof cursor !== 'string') return undefined;
  const { threadId, kind, key, includes } = parseObject(cursor);
  const isOurs = threadId === scope.threadId && kind === scope.kind;
  if (!isOurs || typeof key !== 'string' || typeof includes !== 'boolean') throw invalidCursor(cursor);
  return { key, includes };
}

/** What the peer is told of a cursor that leads nowhere. */
export function invalidCursor(cursor: string): Error {
  return invalidRequest(`invalid cursor: ${cursor.slice(0, LIMITS.quotedChars)}`);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
