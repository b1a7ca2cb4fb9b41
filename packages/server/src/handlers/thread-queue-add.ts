import { LIMITS, type QueuedSubmission } from '@millrace/protocol';
import { changeQueue } from '../change-queue.js';
import type { Handler } from '../handlers.js';
import { overloaded } from '../rpc-error.js';
import { checkQueuedInput } from '../turn-input.js';

/** Handles `thread/queue/add`: input for a turn of its own, once the thread has nothing else to do. */
export const handleThreadQueueAdd: Handler<'thread/queue/add'> = async (params, context) => {
  const { threadId, input, clientUserMessageId, responsesapiClientMetadata = null } = params;
  checkQueuedInput(input);
  const id = context.services.ids.uuid();
  const queuedSubmission = { id, input, clientUserMessageId, responsesapiClientMetadata } as QueuedSubmission;
  await changeQueue(threadId, context, (queue) => {
    if (queue.length >= LIMITS.queuedSubmissions) throw overloaded(`queue of thread:${threadId}`);
    return { type: 'queued', submission: queuedSubmission };
  });
  return { queuedSubmission };
};
