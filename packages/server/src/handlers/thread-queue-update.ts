import type { QueuedSubmission } from '@millrace/protocol';
import { changeQueue } from '../change-queue.js';
import type { Handler } from '../handlers.js';
import { submissionNotFound } from '../submission-not-found.js';
import { checkQueuedInput } from '../turn-input.js';

/** Handles `thread/queue/update`: other input in the same place of the queue. */
export const handleThreadQueueUpdate: Handler<'thread/queue/update'> = async (params, context) => {
  const { threadId, queuedSubmissionId, input, responsesapiClientMetadata: metadata } = params;
  checkQueuedInput(input);
  let queuedSubmission: QueuedSubmission | undefined;
  await changeQueue(threadId, context, (queue) => {
    const before = queue.find(({ id }) => id === queuedSubmissionId);
    if (before === undefined) throw submissionNotFound(queuedSubmissionId);
    const isReplaced = metadata != null && Object.keys(metadata).length > 0;
    const responsesapiClientMetadata = isReplaced ? metadata : before.responsesapiClientMetadata;
    queuedSubmission = { ...before, input, responsesapiClientMetadata } as QueuedSubmission;
    return { type: 'queued', submission: queuedSubmission };
  });
  if (queuedSubmission === undefined) throw submissionNotFound(queuedSubmissionId);
  return { queuedSubmission };
};
