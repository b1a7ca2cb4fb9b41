import { changeQueue } from '../change-queue.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `thread/queue/reorder`: the same submissions in another order. */
export const handleThreadQueueReorder: Handler<'thread/queue/reorder'> = async (
  { threadId, queuedSubmissionIds: submissionIds },
  context,
) => {
  await changeQueue(threadId, context, (queue) => {
    const wanted = new Set(submissionIds);
    const isSame = wanted.size === submissionIds.length && wanted.size === queue.length;
    if (!isSame || !queue.every(({ id }) => wanted.has(id)))
      throw invalidRequest('queue reorder must include every queued submission exactly once');
    return queue.length === 0 ? undefined : { type: 'queueOrdered', submissionIds };
  });
  return {};
};
