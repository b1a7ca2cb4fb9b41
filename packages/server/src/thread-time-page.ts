import { LIMITS, type SortDirection, type Thread, type ThreadSortKey } from '@millrace/protocol';
import { invalidRequest } from './rpc-error.js';

/** A place in a list that is sorted by time, then by id. Without an id it stands before all entries of that second. */
interface Place {
  /** Unix time in seconds. */
  readonly time: number;
  readonly threadId: string | undefined;
}

export interface TimePageRequest {
  readonly cursor: string | null | undefined;
  readonly key: ThreadSortKey;
  readonly direction: SortDirection;
  /** Entries wanted; 0 counts as 1. */
  readonly limit: number;
}

export interface TimePage {
  readonly data: Thread[];
  readonly nextCursor: string | null;
  readonly backwardsCursor: string | null;
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?:\|([0-9a-f-]{36}))?$/;

/**
 * A page of threads by one of their times. A cursor is a place, so it stays good when its thread is gone.
 *
 * @throws {RpcError} `invalidRequest` for a text that is no cursor.
 */
export function threadTimePage(
  threads: readonly Thread[],
  { cursor, key, direction, limit }: TimePageRequest,
): TimePage {
  const after = typeof cursor === 'string' ? parseCursor(cursor) : undefined;
  const sign = direction === 'asc' ? 1 : -1;
  const places = threads.map((thread) => ({ thread, time: timeOf(thread, key), threadId: thread.id }));
  const rest = places
    .filter((place) => after === undefined || sign * compare(place, after) > 0 || isAt(place, after))
    .sort((a, b) => sign * compare(a, b));
  const size = Math.min(Math.max(limit, 1), LIMITS.maxPageSize);
  const page = rest.slice(0, size);
  const [first] = page;
  const last = page.at(-1);
  return {
    data: page.map(({ thread }) => thread),
    nextCursor: rest.length > size && last !== undefined ? `${timestamp(last.time)}|${last.threadId}` : null,
    backwardsCursor: first === undefined ? null : timestamp(first.time),
  };
}

function timeOf({ createdAt, updatedAt, recencyAt }: Thread, key: ThreadSortKey): number {
  if (key === 'updated_at') return updatedAt;
  return key === 'recency_at' ? (recencyAt ?? updatedAt) : createdAt;
}

function compare(a: Place, b: Place): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.threadId === undefined || b.threadId === undefined || a.threadId === b.threadId) return 0;
  return a.threadId < b.threadId ? -1 : 1;
}

/** Whether the entry is of the very second that the place names, which includes all of that second. */
function isAt(entry: Place, place: Place): boolean {
  return place.threadId === undefined && entry.time === place.time;
}

function parseCursor(cursor: string): Place {
  const match = CURSOR.exec(cursor);
  const milliseconds = Date.parse(match?.[1] ?? '');
  if (match === null || Number.isNaN(milliseconds)) {
    throw invalidRequest(`invalid cursor: ${cursor.slice(0, LIMITS.quotedChars)}`);
  }
  return { time: milliseconds / 1_000, threadId: match[2] };
}

function timestamp(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}
