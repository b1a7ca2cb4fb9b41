import {
  type FoundThread,
  type ThreadPlace,
  type ThreadQuery,
  type ThreadRegistry,
  timeOf,
} from '@millrace/core';
import {
  LIMITS,
  type SortDirection,
  type Thread,
  type ThreadSortKey,
  type ThreadSourceKind,
} from '@millrace/protocol';
import { invalidCursor } from './anchored-page.js';
import { throwStoreFailure } from './store-failure.js';

/** Which page a client asks for. Absent and null mean the same. */
export interface ThreadPageParams {
  readonly archived?: boolean | null | undefined;
  readonly sourceKinds?: readonly ThreadSourceKind[] | null | undefined;
  readonly sortKey?: ThreadSortKey | null | undefined;
  readonly sortDirection?: SortDirection | null | undefined;
  readonly cursor?: string | null | undefined;
  /** Entries wanted; 0 counts as 1. */
  readonly limit?: number | null | undefined;
}

/** The rest of what threads have to be like. */
export type ThreadFilters = Pick<
  ThreadQuery,
  'modelProviders' | 'directories' | 'threadIds' | 'excludedIds' | 'titlePart' | 'text'
>;

/** A page of threads by one of their times, which can be continued in both directions. */
export interface ThreadPage {
  readonly found: readonly FoundThread[];
  readonly nextCursor: string | null;
  readonly backwardsCursor: string | null;
}

/** The sources that people work with themselves. */
const INTERACTIVE: readonly ThreadSourceKind[] = ['cli', 'vscode'];

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?:\|([0-9a-f-]{36}))?$/;

/**
 * A page of all threads. A cursor is a place, so it stays good when its thread is gone.
 *
 * @throws {RpcError} `invalidRequest` for a text that is no cursor, and what the store refuses.
 */
export async function threadPage(
  { archived, sourceKinds, sortKey, sortDirection, cursor, limit }: ThreadPageParams,
  filters: ThreadFilters,
  threads: ThreadRegistry,
): Promise<ThreadPage> {
  const size = pageSize(limit);
  const query: ThreadQuery = {
    ...filters,
    ...kindsOf({ archived, sourceKinds }),
    sortKey: sortKey === 'updated_at' || sortKey === 'recency_at' ? 'updatedAt' : 'createdAt',
    direction: sortDirection ?? 'desc',
    after: typeof cursor === 'string' ? parseCursor(cursor) : undefined,
    limit: size + 1, // One more says whether there is a next page.
  };
  const all = await threads.search(query).catch(throwStoreFailure);
  const found = all.slice(0, size);
  const [first] = found;
  const last = found.at(-1);
  return {
    found,
    nextCursor:
      all.length > size && last !== undefined
        ? `${timestamp(timeOf(last.summary, query))}|${last.summary.meta.id}`
        : null,
    backwardsCursor: first === undefined ? null : timestamp(timeOf(first.summary, query)),
  };
}

/**
 * A page of the threads of a section, as the user has ordered them. A cursor is a place between two of them, counted from the start:
 * sections are short and ordered by hand.
 *
 * @throws {RpcError} `invalidRequest` for a text that is no cursor, and what the store refuses.
 */
export async function sectionPage(
  { sortDirection, cursor, limit, ...params }: ThreadPageParams,
  filters: ThreadFilters & { readonly threadIds: readonly string[] },
  threads: ThreadRegistry,
): Promise<ThreadPage> {
  const { threadIds } = filters;
  const query: ThreadQuery = {
    ...filters,
    ...kindsOf(params),
    sortKey: 'createdAt',
    direction: 'asc',
    after: undefined,
    limit: Math.max(threadIds.length, 1),
  };
  const byId = new Map(
    (await threads.search(query).catch(throwStoreFailure)).map((found) => [found.summary.meta.id, found]),
  );
  const ordered = threadIds.flatMap((id) => byId.get(id) ?? []);
  const isAscending = sortDirection !== 'desc';
  if (cursor != null && !/^\d{1,9}$/.test(cursor)) throw invalidCursor(cursor);
  const edge = Math.min(Number(cursor ?? (isAscending ? 0 : ordered.length)), ordered.length);
  const size = pageSize(limit);
  const [start, end] = isAscending
    ? [edge, Math.min(edge + size, ordered.length)]
    : [Math.max(edge - size, 0), edge];
  const slice = ordered.slice(start, end);
  const hasMore = isAscending ? end < ordered.length : start > 0;
  return {
    found: isAscending ? slice : slice.toReversed(),
    nextCursor: hasMore ? String(isAscending ? end : start) : null,
    backwardsCursor: slice.length === 0 ? null : String(isAscending ? start + 1 : end - 1),
  };
}

function kindsOf({
  archived,
  sourceKinds,
}: Pick<ThreadPageParams, 'archived' | 'sourceKinds'>): Pick<ThreadQuery, 'isArchived' | 'sourceKinds'> {
  return { isArchived: archived === true, sourceKinds: sourceKinds?.length ? sourceKinds : INTERACTIVE };
}

function pageSize(limit: number | null | undefined): number {
  return Math.min(Math.max(limit ?? LIMITS.defaultPageSize, 1), LIMITS.maxPageSize);
}

/** A thread as lists show it: a loaded one as it is now. */
export function listedThread({ summary }: FoundThread, threads: ThreadRegistry): Thread {
  const loaded = threads.find(summary.meta.id);
  if (loaded !== undefined) return { ...loaded.view(), canAcceptDirectInput: null };
  return threads.stored.view(summary);
}

function parseCursor(cursor: string): ThreadPlace {
  const match = CURSOR.exec(cursor);
  const milliseconds = Date.parse(match?.[1] ?? '');
  if (match === null || Number.isNaN(milliseconds)) {
    throw invalidCursor(cursor);
  }
  return { time: milliseconds / 1_000, threadId: match[2] };
}

function timestamp(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}
