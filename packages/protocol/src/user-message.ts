import { z } from 'zod';
import { UserInput } from './input.js';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

/** What the user said at the start of a turn, or while it ran. */
export const UserMessageItem = z.object({
  type: z.literal('userMessage'),
  id: z.string(),
  /** `clientUserMessageId` of the request that brought it. */
  clientId: z.string().nullable(),
  content: z.array(UserInput),
  ...ITEM_TIMES,
});
export interface UserMessageItem extends Wire<typeof UserMessageItem> {}

/** An open user message. */
export function newUserMessage(
  fields: ItemStart & Pick<UserMessageItem, 'content'> & Partial<Pick<UserMessageItem, 'clientId'>>,
): UserMessageItem {
  return {
    type: 'userMessage',
    id: fields.id,
    clientId: fields.clientId ?? null,
    content: fields.content,
    startedAtMs: fields.startedAtMs,
    completedAtMs: null,
  };
}
