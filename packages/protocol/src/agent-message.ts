import { z } from 'zod';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

/** Which part of a turn a message belongs to, where the model tells. */
export const MessagePhase = z.enum(['commentary', 'partial_answer', 'final_answer']);
export type MessagePhase = Wire<typeof MessagePhase>;

const moderation = z.object({
  moderated: z.boolean(),
  display: z.looseObject({ action: z.string() }).nullish(),
});

const memoryCitation = z.object({
  entries: z.array(z.object({ path: z.string(), lineStart: z.int(), lineEnd: z.int(), note: z.string() })),
  threadIds: z.array(z.string()),
});

/** What the agent says. The text of the completed item is the one that counts. */
export const AgentMessageItem = z.object({
  type: z.literal('agentMessage'),
  moderation: moderation.nullable(),
  id: z.string(),
  text: z.string(),
  phase: MessagePhase.nullable(),
  memoryCitation: memoryCitation.nullable(),
  delivery: z.enum(['async']).nullable(),
  questions: z.array(z.object({ title: z.string(), options: z.array(z.string()).nullish() })).nullable(),
  ...ITEM_TIMES,
});
export interface AgentMessageItem extends Wire<typeof AgentMessageItem> {}

/** An open agent message, without text unless some is given. */
export function newAgentMessage(
  fields: ItemStart & Partial<Pick<AgentMessageItem, 'text' | 'phase'>>,
): AgentMessageItem {
  return {
    type: 'agentMessage',
    moderation: null,
    id: fields.id,
    text: fields.text ?? '',
    phase: fields.phase ?? null,
    memoryCitation: null,
    delivery: null,
    questions: null,
    startedAtMs: fields.startedAtMs,
    completedAtMs: null,
  };
}
