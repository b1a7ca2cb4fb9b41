import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';
import { unloadThread } from '../unload-thread.js';

/** Handles `thread/archive`: unloads the thread, then puts it away. One that was never written cannot be archived. */
export const handleThreadArchive: Handler<'thread/archive'> = async (params, context) => {
  checkThreadId(params.threadId, 'thread');
  const { services } = context;
  const { threads, router } = services;
  const threadId = params.threadId.toLowerCase();
  const missing = `no rollout found for thread id ${params.threadId}`;
  const thread = threads.find(threadId);
  if (thread !== undefined && !thread.isKept) throw invalidRequest(missing);
  await unloadThread(threadId, services);
  const record = { type: 'archived', isArchived: true } as const;
  const archived = await threads.stored
    .amend(threadId, (stored) => (stored.isArchived ? undefined : [record]))
    .catch(throwStoreFailure);
  if (archived === undefined) throw invalidRequest(missing);
  context.afterwards(() => router.emit(threadId, 'thread/archived', { threadId }));
  return {};
};
