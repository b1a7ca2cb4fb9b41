import { z } from 'zod';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

/** What the model thought: summaries for people, and the raw text where the provider gives it. */
export const ReasoningItem = z.object({
  type: z.literal('reasoning'),
  id: z.string(),
  summary: z.array(z.string()),
  content: z.array(z.string()),
  ...ITEM_TIMES,
});
export interface ReasoningItem extends Wire<typeof ReasoningItem> {}

/** An open reasoning item, empty unless parts are given. */
export function newReasoning(
  fields: ItemStart & Partial<Pick<ReasoningItem, 'summary' | 'content'>>,
): ReasoningItem {
  return {
    type: 'reasoning',
    id: fields.id,
    summary: fields.summary ?? [],
    content: fields.content ?? [],
    startedAtMs: fields.startedAtMs,
    completedAtMs: null,
  };
}
