import type { ThreadGoal } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { changedGoal, withinBudget } from './goal-change.js';

const at = { threadId: 't', now: 7 };
const goal: ThreadGoal = {
  threadId: 't',
  objective: 'old',
  status: 'active',
  tokenBudget: 100,
  tokensUsed: 40,
  timeUsedSeconds: 3,
  createdAt: 1,
  updatedAt: 1,
};

describe('a change of a goal', () => {
  it('begins a goal that has used nothing where there is none, and where the last one is complete', () => {
    const fresh = { objective: 'new', status: 'active', tokenBudget: null, tokensUsed: 0, createdAt: 7 };
    expect(changedGoal(null, { objective: 'new' }, at)).toMatchObject(fresh);
    expect(changedGoal({ ...goal, status: 'complete' }, { objective: 'new' }, at)).toMatchObject(fresh);
  });

  it('keeps what a goal has used when its objective is put in other words', () => {
    expect(changedGoal(goal, { objective: 'new' }, at)).toEqual({ ...goal, objective: 'new' });
  });

  it('takes a budget away with null and leaves it where it is absent', () => {
    expect(changedGoal(goal, { tokenBudget: null }, at)).toMatchObject({ tokenBudget: null });
    expect(changedGoal(goal, { status: 'paused' }, at)).toMatchObject({ tokenBudget: 100, status: 'paused' });
  });

  it('is limited at once by a budget that is used up already', () => {
    expect(changedGoal(goal, { tokenBudget: 40 }, at)).toMatchObject({ status: 'budgetLimited' });
    expect(changedGoal(goal, { tokenBudget: 41 }, at)).toMatchObject({ status: 'active' });
  });
});

describe('a goal over its budget', () => {
  it('stays complete or paused: only what is pursued is limited', () => {
    for (const status of ['complete', 'paused', 'blocked'] as const)
      expect(withinBudget({ ...goal, status, tokensUsed: 101 })).toMatchObject({ status });
    expect(withinBudget({ ...goal, tokensUsed: 100 })).toMatchObject({ status: 'budgetLimited' });
    expect(withinBudget({ ...goal, tokensUsed: 99 })).toMatchObject({ status: 'active' });
  });
});
