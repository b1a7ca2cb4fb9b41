import { LIMITS, type TurnPlanStep } from '@millrace/protocol';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

const STATUSES: Readonly<Record<string, TurnPlanStep['status']>> = {
  pending: 'pending',
  in_progress: 'inProgress',
  completed: 'completed',
};

export const updatePlan: Tool = {
  spec: {
    type: 'function',
    name: 'update_plan',
    description:
      'Shows the user the steps of the work and how far they are. At most one step is in progress.',
    parameters: {
      type: 'object',
      properties: {
        explanation: { type: 'string' },
        plan: {
          type: 'array',
          items: {
            type: 'object',
            properties: { step: { type: 'string' }, status: { type: 'string', enum: Object.keys(STATUSES) } },
            required: ['step', 'status'],
            additionalProperties: false,
          },
        },
      },
      required: ['plan'],
      additionalProperties: false,
    },
  },
  isEnabled: ({ features }) => features.updatePlan,
  run: async (call, { output, settings, threadId, turnId }) => {
    if (settings.mode === 'plan')
      return 'update_plan is a TODO/checklist tool and is not allowed in Plan mode';
    const parsed = parseArguments(call.input, { 'explanation?': 'string', plan: 'object[]' });
    if (parsed.type === 'invalid') return parsed.text;
    const { explanation = null, plan } = parsed.value;
    if (plan.length > LIMITS.planSteps) return `update_plan failed: more than ${LIMITS.planSteps} steps`;
    const steps: TurnPlanStep[] = [];
    for (const { step, status } of plan) {
      const known = typeof status === 'string' ? STATUSES[status] : undefined;
      if (typeof step !== 'string' || known === undefined) {
        return 'failed to parse function arguments: each step of the plan needs a `step` and a known `status`';
      }
      steps.push({ step, status: known });
    }
    await output.emit('turn/plan/updated', { threadId, turnId, explanation, plan: steps });
    return 'Plan updated';
  },
};
