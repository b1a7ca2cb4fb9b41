import type { ThreadSections } from '@millrace/core';
import { LIMITS, type ParsedParams } from '@millrace/protocol';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest, RpcError } from '../rpc-error.js';
import { listedThread, sectionPage, type ThreadFilters, threadPage } from '../thread-page.js';

/**
 * Handles `thread/list`: the threads of the store, newest first unless the client says otherwise. A loaded one shows as it is now;
 * ephemeral threads, and those without a turn yet, are not listed.
 */
export const handleThreadList: Handler<'thread/list'> = async (params, { services }) => {
  checkFilters(params);
  const { threads, sections } = services;
  const filters = filtersOf(params, sections);
  const { threadIds } = filters;
  const page =
    params.sortKey === 'section_position' && threadIds !== undefined
      ? await sectionPage(params, { ...filters, threadIds }, threads)
      : await threadPage(params, filters, threads);
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

function filtersOf(params: ParsedParams<'thread/list'>, sections: ThreadSections): ThreadFilters {
  const { modelProviders, cwd, searchTerm, excludedThreadIds, parentThreadId, ancestorThreadId, sectionId } =
    params;
  const inSection = typeof sectionId === 'string' ? sections.threadsOf(sectionId) : undefined;
  const sorted = sectionId === null ? sections.threadsOf(null) : [];
  const directories = typeof cwd === 'string' ? [cwd] : cwd;
  return {
    modelProviders: modelProviders?.length ? modelProviders : undefined,
    directories: directories?.length ? directories : undefined,
    // No thread starts another one, so none has a parent.
    threadIds: typeof (parentThreadId ?? ancestorThreadId) === 'string' ? [] : inSection,
    excludedIds: [...(excludedThreadIds ?? []).map((id) => id.toLowerCase()), ...sorted],
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
  if (params.sortKey === 'section_position' && typeof params.sectionId !== 'string')
    throw invalidRequest('section-position sorting requires a section filter');
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
