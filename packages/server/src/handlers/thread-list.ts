import { describeStoredThread, type Thread } from '@millrace/core';
import { LIMITS, type ThreadListResponse } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { throwStoreFailure } from '../store-failure.js';
import { threadFilter } from '../thread-filter.js';
import { threadTimePage } from '../thread-time-page.js';

/**
 * Handles `thread/list`: the threads of the store, newest first unless the client says otherwise. A loaded one shows as it is now;
 * ephemeral threads, and those without a turn yet, are not listed.
 */
export const handleThreadList: Handler<'thread/list'> = async (
  params,
  { services },
): Promise<ThreadListResponse> => {
  const { threads } = services;
  const summaries = await threads.stored.summaries().catch(throwStoreFailure);
  const wanted = summaries.filter(({ isArchived }) => isArchived === (params.archived === true));
  const readStates = new Map(wanted.map(({ meta, readState }) => [meta.id, readState]));
  const listed = wanted.map((summary) => {
    const loaded = threads.find(summary.meta.id);
    if (loaded === undefined) {
      return describeStoredThread(summary, { path: threads.stored.pathOf(summary.meta) });
    }
    readStates.set(loaded.threadId, loaded.readState?.current);
    return loadedEntry(loaded);
  });
  const page = threadTimePage(listed.filter(threadFilter(params)), {
    cursor: params.cursor,
    key: params.sortKey ?? 'created_at',
    direction: params.sortDirection ?? 'desc',
    limit: params.limit ?? LIMITS.defaultPageSize,
  });
  const shown = page.data.flatMap(({ id }) => {
    const state = readStates.get(id);
    return state === undefined ? [] : [[id, state] as const];
  });
  return {
    data: page.data,
    readStates: Object.fromEntries(shown),
    nextCursor: page.nextCursor,
    backwardsCursor: page.backwardsCursor,
  };
};

function loadedEntry(thread: Thread) {
  return { ...thread.view(), canAcceptDirectInput: null };
}
