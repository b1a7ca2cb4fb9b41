import type { QueuedSubmission } from '@millrace/protocol';
import { expect, it } from 'vitest';
import { foldQueue } from './submission-queue.js';

const submission = (id: string, clientUserMessageId = id): QueuedSubmission => ({
  id,
  input: [],
  clientUserMessageId,
  responsesapiClientMetadata: null,
});
const queue = ['a', 'b', 'c'].map((id) => submission(id));
const ids = (folded: readonly QueuedSubmission[]): string => folded.map(({ id }) => id).join('');

it('appends what is new, and puts an update in the place of what was there', () => {
  expect(ids(foldQueue(queue, { type: 'queued', submission: submission('d') }))).toBe('abcd');
  const updated = foldQueue(queue, { type: 'queued', submission: submission('b', 'other') });
  expect(ids(updated)).toBe('abc');
  expect(updated[1]?.clientUserMessageId).toBe('other');
});

it('takes out what has begun; an id that is not there changes nothing', () => {
  expect(ids(foldQueue(queue, { type: 'unqueued', submissionId: 'b' }))).toBe('ac');
  expect(ids(foldQueue(queue, { type: 'unqueued', submissionId: 'x' }))).toBe('abc');
});

it('loses nothing to an order that does not name everything', () => {
  expect(ids(foldQueue(queue, { type: 'queueOrdered', submissionIds: ['c', 'b', 'a'] }))).toBe('cba');
  expect(ids(foldQueue(queue, { type: 'queueOrdered', submissionIds: ['c', 'b', 'x'] }))).toBe('acb');
});
