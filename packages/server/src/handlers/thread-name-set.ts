import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';
import { threadReadOnly } from '../turn-admission.js';

/** Handles `thread/name/set`: names a thread, loaded or not. Answered when it is on disk; then everybody is told. */
export const handleThreadNameSet: Handler<'thread/name/set'> = async (params, context) => {
  checkThreadId(params.threadId, 'thread');
  const { threads, router } = context.services;
  const threadId = params.threadId.toLowerCase();
  const name = params.name.trim();
  if (name === '') throw invalidRequest('thread name must not be empty');
  const thread = threads.find(threadId);
  const record = { type: 'name', name } as const;
  if (thread !== undefined) {
    if (thread.isReadOnly) throw threadReadOnly(threadId);
    await thread.amend(record).catch(throwStoreFailure);
  } else {
    const named = await threads.stored.amend(threadId, () => [record]).catch(throwStoreFailure);
    if (named === undefined) throw invalidRequest(`no rollout found for thread id ${params.threadId}`);
  }
  context.afterwards(() => router.emit(threadId, 'thread/name/updated', { threadId, threadName: name }));
  return {};
};
