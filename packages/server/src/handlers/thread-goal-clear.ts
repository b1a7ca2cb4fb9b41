import { findThread } from '../find-thread.js';
import { goalOf } from '../goal-of-thread.js';
import type { Handler } from '../handlers.js';
import { throwStoreFailure } from '../store-failure.js';

/** Handles `thread/goal/clear`: the thread works towards nothing any more. A turn that runs goes on. */
export const handleThreadGoalClear: Handler<'thread/goal/clear'> = async (params, context) => {
  const thread = findThread(params.threadId, context, 'thread not found');
  const cleared = goalOf(thread).clear();
  if (!cleared) return { cleared };
  await thread.sync().catch(throwStoreFailure);
  const { threadId } = thread;
  context.afterwards(() => context.services.router.emit(threadId, 'thread/goal/cleared', { threadId }));
  return { cleared };
};
