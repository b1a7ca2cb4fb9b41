import { LIMITS, type ThreadGoal } from '@millrace/protocol';

/** What somebody wants of the goal of a thread; absent stays as it is, and a budget of null takes the budget away. */
export interface GoalChange {
  readonly objective?: string | undefined;
  readonly status?: ThreadGoal['status'] | undefined;
  readonly tokenBudget?: number | null | undefined;
}

/**
 * The goal after a change, or what is wrong with the change.
 *
 * An objective where there is no goal, or one that is complete, begins a new goal.
 *
 * @param now Unix time in seconds.
 */
export function changedGoal(
  current: ThreadGoal | null,
  { objective, status, tokenBudget }: GoalChange,
  { threadId, now }: { readonly threadId: string; readonly now: number },
): ThreadGoal | string {
  if (objective?.trim() === '') return 'goal objective must not be empty';
  if ((objective?.length ?? 0) > LIMITS.goalObjectiveChars)
    return `goal objective must be at most ${LIMITS.goalObjectiveChars} characters`;
  if (tokenBudget != null && tokenBudget <= 0) return 'goal budgets must be positive when provided';
  const isNew = objective !== undefined && (current === null || current.status === 'complete');
  const before = isNew ? newGoal(threadId, now) : current;
  if (before === null) return `cannot update goal for thread ${threadId}: no goal exists`;
  return withinBudget({
    ...before,
    objective: objective ?? before.objective,
    status: status ?? before.status,
    tokenBudget: tokenBudget === undefined ? before.tokenBudget : tokenBudget,
  });
}

/** The goal after it has used more; one that has used up its budget is not pursued any more. */
export function withinBudget(goal: ThreadGoal): ThreadGoal {
  const isSpent = goal.tokenBudget !== null && goal.tokensUsed >= goal.tokenBudget;
  return isSpent && goal.status === 'active' ? { ...goal, status: 'budgetLimited' } : goal;
}

function newGoal(threadId: string, now: number): ThreadGoal {
  return {
    threadId,
    objective: '',
    status: 'active',
    tokenBudget: null,
    tokensUsed: 0,
    timeUsedSeconds: 0,
    createdAt: now,
    updatedAt: now,
  };
}
