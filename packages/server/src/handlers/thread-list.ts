import { LIMITS, type ParsedParams } from '@millrace/protocol';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest, RpcError } from '../rpc-error.js';
import { listedThread, type ThreadFilters, threadPage } from '../thread-page.js';

/**
 * Handles `thread/list`: the threads of the store, newest first unless the client says otherwise. A loaded one shows as it is now;
 * ephemeral threads, and those without a turn yet, are not listed.
 */
export const handleThreadList: Handler<'thread/list'> = async (params, { services }) => {
  checkFilters(params);
  const { threads } = services;
  const page = await threadPage(params, filtersOf(params), threads);
  const readStates = page.found.flatMap(({ summary: { meta, readState } }) =>
    readState === undefined ? [] : [[meta.id, readState] as const],
  );
  return {
    data: page.found.map((found) => listedThread(found, threads)),
    readStates: Object.fromEntries(readStates),
    nextCursor: page.nextCursor,
    backwardsCursor: page.backwardsCursor,
  };
};

function filtersOf(params: ParsedParams<'thread/list'>): ThreadFilters {
  const { modelProviders, cwd, searchTerm, excludedThreadIds, parentThreadId, ancestorThreadId } = params;
  const directories = typeof cwd === 'string' ? [cwd] : cwd;
  return {
    modelProviders: modelProviders?.length ? modelProviders : undefined,
    directories: directories?.length ? directories : undefined,
    // No thread starts another one, so none has a parent.
    threadIds: typeof (parentThreadId ?? ancestorThreadId) === 'string' ? [] : undefined,
    excludedIds: (excludedThreadIds ?? []).map((id) => id.toLowerCase()),
    titlePart: searchTerm ?? '',
    text: '',
  };
}

/** @throws {RpcError} for filters that cannot be meant. */
function checkFilters(params: ParsedParams<'thread/list'>): void {
  const { originators, excludedThreadIds, parentThreadId, ancestorThreadId } = params;
  if (originators?.length) {
    throw new RpcError('invalidParams', 'originator filtering is not supported by the local app-server');
  }
  if ((excludedThreadIds?.length ?? 0) > LIMITS.excludedThreads) {
    const message = `excludedThreadIds accepts at most ${LIMITS.excludedThreads} entries`;
    throw new RpcError('invalidParams', message);
  }
  for (const threadId of excludedThreadIds ?? []) checkThreadId(threadId, 'excluded thread', 'invalidParams');
  if (typeof parentThreadId === 'string') checkThreadId(parentThreadId, 'parent thread');
  if (typeof ancestorThreadId === 'string') checkThreadId(ancestorThreadId, 'ancestor thread');
  if (typeof parentThreadId === 'string' && typeof ancestorThreadId === 'string') {
    throw invalidRequest('parentThreadId and ancestorThreadId are mutually exclusive');
  }
}
