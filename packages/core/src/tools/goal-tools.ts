import type { ThreadGoal } from '@millrace/protocol';
import type { TurnContext } from '../turn-context.js';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

const UNFINISHED =
  'cannot create a new goal because this thread has an unfinished goal; complete the existing goal first';
const MODEL_STATUSES = ['complete', 'blocked', 'paused'] as const;

const isEnabled = ({ agenda }: TurnContext): boolean => agenda.goal !== undefined;

const getGoal: Tool = {
  spec: {
    type: 'function',
    name: 'get_goal',
    description:
      'Says what the goal of this thread is, what it has used so far, and what is left of its budget.',
    parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
  },
  isEnabled,
  run: async (_call, { agenda }) => describe(agenda.goal?.current ?? null),
};

const createGoal: Tool = {
  spec: {
    type: 'function',
    name: 'create_goal',
    description:
      'Gives this thread a goal that it pursues over many turns. Only when the user asks for one in so many words. Fails while there is a goal that is not complete.',
    parameters: {
      type: 'object',
      properties: {
        objective: { type: 'string', description: 'What is to be true in the end.' },
        token_budget: { type: 'integer', description: 'Only when the user names one.' },
      },
      required: ['objective'],
      additionalProperties: false,
    },
  },
  isEnabled,
  run: async (call, { agenda, turnId }) => {
    const parsed = parseArguments(call.input, { objective: 'string', 'token_budget?': 'number' });
    if (parsed.type === 'invalid') return parsed.text;
    const { goal } = agenda;
    if (goal === undefined) return UNFINISHED;
    if (goal.current !== null && goal.current.status !== 'complete') return UNFINISHED;
    const { objective, token_budget: tokenBudget = null } = parsed.value;
    if (tokenBudget !== null && !Number.isInteger(tokenBudget)) return 'token_budget must be an integer';
    const changed = goal.change({ objective, tokenBudget, status: 'active' });
    if (typeof changed === 'string') return changed;
    goal.announce(turnId);
    return describe(changed);
  },
};

const updateGoal: Tool = {
  spec: {
    type: 'function',
    name: 'update_goal',
    description:
      'Ends or stops the pursuit of the goal: "complete" when all of it is reached and checked, "blocked" when the same obstacle has stopped you for at least three turns and only the user can help, "paused" only when the user asks for it.',
    parameters: {
      type: 'object',
      properties: { status: { type: 'string', enum: MODEL_STATUSES } },
      required: ['status'],
      additionalProperties: false,
    },
  },
  isEnabled,
  run: async (call, { agenda, turnId }) => {
    const parsed = parseArguments(call.input, { status: 'string' });
    if (parsed.type === 'invalid') return parsed.text;
    const status = MODEL_STATUSES.find((known) => known === parsed.value.status);
    if (status === undefined)
      return `unknown variant \`${parsed.value.status}\`, expected one of \`complete\`, \`blocked\`, \`paused\``;
    const changed = agenda.goal?.change({ status });
    if (changed === undefined || typeof changed === 'string') return changed ?? 'there is no goal';
    agenda.goal?.announce(turnId);
    return describe(changed);
  },
};

/** The tools with which a model sees and ends the pursuit of a goal. */
export const GOAL_TOOLS: readonly Tool[] = [getGoal, createGoal, updateGoal];

function describe(goal: ThreadGoal | null): string {
  const remainingTokens = goal?.tokenBudget == null ? null : Math.max(0, goal.tokenBudget - goal.tokensUsed);
  return JSON.stringify({ goal, remainingTokens });
}
