import type { ThreadReadResponse } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `thread/read`: a loaded thread, on request with all its turns. */
export const handleThreadRead: Handler<'thread/read'> = (
  { threadId, includeTurns },
  context,
): ThreadReadResponse => {
  const thread = findThread(threadId, context, 'thread not loaded');
  const readState = thread.readState?.current ?? null;
  if (includeTurns !== true) return { thread: thread.view(), readState };
  if (thread.isEphemeral) throw invalidRequest('ephemeral threads do not support includeTurns');
  context.services.router.tell(context.connection, 'deprecationNotice', DEPRECATED);
  return { thread: thread.view(thread.turns.all()), readState };
};

const DEPRECATED = {
  summary:
    'Full-history hydration is deprecated for paginated threads; omit `includeTurns` or set it to `false`, and read turns page by page.',
  details: null,
};
