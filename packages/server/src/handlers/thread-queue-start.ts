import { QueuedTurn } from '@millrace/core';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { submissionNotFound } from '../submission-not-found.js';
import { admitTurn } from '../turn-admission.js';

/** Handles `thread/queue/start`: begins the turn of a submission now, the first one where none is named. */
export const handleThreadQueueStart: Handler<'thread/queue/start'> = async (
  { threadId, queuedSubmissionId },
  context,
) => {
  const thread = findThread(threadId, context, 'thread not found');
  const { queue } = thread.agenda;
  const submission =
    queuedSubmissionId == null ? queue[0] : queue.find(({ id }) => id === queuedSubmissionId);
  if (submission === undefined)
    throw queuedSubmissionId == null
      ? invalidRequest('queue is empty')
      : submissionNotFound(queuedSubmissionId);
  if (thread.turns.active?.isOpen === true)
    throw invalidRequest('thread already has an active or pending turn');
  const isQueued = (): boolean => thread.agenda.queue.some(({ id }) => id === submission.id);
  const turn = await admitTurn(thread, context, (starter) =>
    thread.startWork(() => (isQueued() ? new QueuedTurn(submission) : undefined), starter),
  );
  return { turn };
};
