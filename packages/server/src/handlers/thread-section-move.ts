import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import type { RequestContext } from '../request-context.js';
import { invalidRequest } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';

/** Handles `thread/section/move`: sorts a thread into a section, before another one, or out of it. Answered when it is on disk. */
export const handleThreadSectionMove: Handler<'thread/section/move'> = async (params, context) => {
  checkThreadId(params.threadId, 'thread');
  const threadId = params.threadId.toLowerCase();
  const { sectionId } = params;
  const beforeThreadId = params.beforeThreadId?.toLowerCase();
  if (!(await isKept(threadId, context))) throw invalidRequest(`thread not found: ${params.threadId}`);
  const { sections, router } = context.services;
  const refusal = await sections.move({ threadId, sectionId, beforeThreadId }).catch(throwStoreFailure);
  if (refusal !== undefined) throw invalidRequest(refusal);
  context.afterwards(() => router.emit(threadId, 'thread/section/changed', { threadId, sectionId }));
  return {};
};

/** An ephemeral thread is in no list, so it is in no section either. */
async function isKept(threadId: string, { services }: RequestContext): Promise<boolean> {
  const { threads } = services;
  const loaded = threads.find(threadId);
  if (loaded !== undefined) return !loaded.isEphemeral;
  return (await threads.stored.read(threadId).catch(throwStoreFailure)) !== undefined;
}
