import { LIMITS } from '@millrace/protocol';
import { readQueue } from '../change-queue.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `thread/queue/list`: what waits, the next one first. A cursor is a position: a queue is short and changes at both ends. */
export const handleThreadQueueList: Handler<'thread/queue/list'> = async (
  { threadId, cursor, limit },
  context,
) => {
  const queue = await readQueue(threadId, context);
  if (cursor != null && !/^\d{1,9}$/.test(cursor))
    throw invalidRequest('invalid queue pagination cursor: invalid digit found in string');
  const start = Number(cursor ?? 0);
  const end = start + Math.min(Math.max(limit ?? LIMITS.defaultPageSize, 1), LIMITS.maxPageSize);
  return { data: queue.slice(start, end) as never[], nextCursor: end < queue.length ? String(end) : null };
};
