import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';

/** Handles `thread/goal/get`: what the thread works towards; null where there is nothing. */
export const handleThreadGoalGet: Handler<'thread/goal/get'> = ({ threadId }, context) => ({
  goal: findThread(threadId, context, 'thread not found').agenda.goal?.current ?? null,
});
