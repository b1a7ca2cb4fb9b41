import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';

/** Handles `thread/unarchive`: takes the thread out again, without loading it. */
export const handleThreadUnarchive: Handler<'thread/unarchive'> = async (params, context) => {
  checkThreadId(params.threadId, 'thread');
  const { threads, router } = context.services;
  const threadId = params.threadId.toLowerCase();
  const stored = threads.find(threadId) === undefined ? await takeOut() : undefined;
  if (stored === undefined) {
    throw invalidRequest(`no archived rollout found for thread id ${params.threadId}`);
  }
  context.afterwards(() => router.emit(threadId, 'thread/unarchived', { threadId }));
  return { thread: threads.stored.view(stored) };

  function takeOut() {
    const record = { type: 'archived', isArchived: false } as const;
    return threads.stored
      .amend(threadId, ({ isArchived }) => (isArchived ? [record] : undefined))
      .catch(throwStoreFailure);
  }
};
