import { changeQueue } from '../change-queue.js';
import type { Handler } from '../handlers.js';

/** Handles `thread/queue/delete`: takes a submission out of the queue. */
export const handleThreadQueueDelete: Handler<'thread/queue/delete'> = async (
  { threadId, queuedSubmissionId: submissionId },
  context,
) => {
  let deleted = false;
  await changeQueue(threadId, context, (queue) => {
    deleted = queue.some(({ id }) => id === submissionId);
    return deleted ? { type: 'unqueued', submissionId } : undefined;
  });
  return { deleted };
};
