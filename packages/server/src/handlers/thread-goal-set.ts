import { findThread } from '../find-thread.js';
import { goalOf } from '../goal-of-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';

/**
 * Handles `thread/goal/set`: gives the thread something to work towards, or changes that. Answered when it is on disk; then everybody
 * is told, and a thread whose goal is active goes on by itself.
 */
export const handleThreadGoalSet: Handler<'thread/goal/set'> = async (params, context) => {
  const thread = findThread(params.threadId, context, 'thread not found');
  const { objective, status, tokenBudget } = params;
  const change = { objective: objective ?? undefined, status: status ?? undefined, tokenBudget };
  const tracker = goalOf(thread);
  const refusal = tracker.refusal(change);
  if (refusal !== undefined) throw invalidRequest(refusal);
  await thread.openLog().catch(throwStoreFailure);
  const goal = tracker.change(change);
  if (typeof goal === 'string') throw invalidRequest(goal);
  await thread.sync().catch(throwStoreFailure);
  thread.agenda.resumeGoal();
  context.afterwards(() => {
    tracker.announce(null);
    thread.goOn();
  });
  return { goal };
};
