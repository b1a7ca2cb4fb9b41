import type { ThreadReadResponse } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `thread/read`: a loaded thread, on request with all its turns. */
export const handleThreadRead: Handler<'thread/read'> = ({ threadId, includeTurns }, context): ThreadReadResponse => {
  const thread = findThread(threadId, context, 'thread not loaded');
  if (includeTurns !== true) return { thread: thread.view(), readState: null };
  if (thread.isEphemeral) throw invalidRequest('ephemeral threads do not support includeTurns');
  return { thread: thread.view(thread.turns.all()), readState: null };
};
