import type { QueuedSubmission } from '@millrace/protocol';
import type { ThreadRecord } from './thread-record.js';

/** A change of the queue of a thread. */
export type QueueRecord = Extract<ThreadRecord, { readonly type: 'queued' | 'unqueued' | 'queueOrdered' }>;

/** The queue after one more change. Ids that are not there change nothing; what an order does not name comes before what it names. */
export function foldQueue(
  queue: readonly QueuedSubmission[],
  record: QueueRecord,
): readonly QueuedSubmission[] {
  switch (record.type) {
    case 'queued': {
      const { submission } = record;
      const isThere = queue.some(({ id }) => id === submission.id);
      if (!isThere) return [...queue, submission];
      return queue.map((other) => (other.id === submission.id ? submission : other));
    }
    case 'unqueued':
      return queue.filter(({ id }) => id !== record.submissionId);
    case 'queueOrdered': {
      const { submissionIds } = record;
      const named = submissionIds.flatMap((wanted) => queue.filter(({ id }) => id === wanted));
      return [...queue.filter(({ id }) => !submissionIds.includes(id)), ...named];
    }
  }
}
