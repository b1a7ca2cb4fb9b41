import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';
import { unloadThread } from '../unload-thread.js';

/** Handles `thread/delete`: unloads the thread and removes it for good. */
export const handleThreadDelete: Handler<'thread/delete'> = async (params, context) => {
  checkThreadId(params.threadId, 'thread');
  const { services } = context;
  const { threads, router } = services;
  const threadId = params.threadId.toLowerCase();
  const wasLoaded = threads.find(threadId) !== undefined;
  await unloadThread(threadId, services);
  const wasKept = await threads.stored.remove(threadId).catch(throwStoreFailure);
  if (!wasLoaded && !wasKept) throw invalidRequest(`no rollout found for thread id ${params.threadId}`);
  await services.sections.forget(threadId).catch(throwStoreFailure);
  context.afterwards(() => router.emit(threadId, 'thread/deleted', { threadId }));
  return {};
};
