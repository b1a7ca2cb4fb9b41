import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';

/** Handles `thread/backgroundTerminals/clean`: answers, then kills; each command reports its end when it is gone. */
export const handleBackgroundTerminalsClean: Handler<'thread/backgroundTerminals/clean'> = (
  { threadId },
  context,
) => {
  const { terminals } = findThread(threadId, context, 'thread not found');
  context.afterwards(() => terminals.killBackground());
  return {};
};
