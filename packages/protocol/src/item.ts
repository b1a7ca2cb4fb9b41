import { z } from 'zod';
import { AgentMessageItem } from './agent-message.js';
import { CommandExecutionItem } from './command-execution.js';
import { ContextCompactionItem } from './compaction.js';
import { FileChangeItem } from './file-change.js';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import { ReasoningItem } from './reasoning.js';
import { EnteredReviewModeItem, ExitedReviewModeItem } from './review-mode.js';
import { DynamicToolCallItem, McpToolCallItem } from './tool-call.js';
import { UserMessageItem } from './user-message.js';
import { WebSearchItem } from './web-search.js';
import type { Wire } from './wire.js';

/** A plan that the agent proposes in plan mode. */
export const PlanItem = z.object({
  type: z.literal('plan'),
  id: z.string(),
  text: z.string(),
  ...ITEM_TIMES,
});
export interface PlanItem extends Wire<typeof PlanItem> {}

/** An image of this machine that the agent looked at. */
export const ImageViewItem = z.object({
  type: z.literal('imageView'),
  id: z.string(),
  path: z.string(),
  ...ITEM_TIMES,
});
export interface ImageViewItem extends Wire<typeof ImageViewItem> {}

/** One entry of a turn. */
export type ThreadItem =
  | UserMessageItem
  | AgentMessageItem
  | ReasoningItem
  | PlanItem
  | CommandExecutionItem
  | FileChangeItem
  | McpToolCallItem
  | DynamicToolCallItem
  | WebSearchItem
  | ImageViewItem
  | EnteredReviewModeItem
  | ExitedReviewModeItem
  | ContextCompactionItem;
export const ThreadItem: z.ZodType<ThreadItem> = z.discriminatedUnion('type', [
  UserMessageItem,
  AgentMessageItem,
  ReasoningItem,
  PlanItem,
  CommandExecutionItem,
  FileChangeItem,
  McpToolCallItem,
  DynamicToolCallItem,
  WebSearchItem,
  ImageViewItem,
  EnteredReviewModeItem,
  ExitedReviewModeItem,
  ContextCompactionItem,
]);

/** The `type` of an item. */
export type ThreadItemType = ThreadItem['type'];

/** An open plan, without text unless some is given. */
export function newPlan(fields: ItemStart & Partial<Pick<PlanItem, 'text'>>): PlanItem {
  const { id, text = '', startedAtMs } = fields;
  return { type: 'plan', id, text, startedAtMs, completedAtMs: null };
}

/** An open look at an image. */
export function newImageView(fields: ItemStart & Pick<ImageViewItem, 'path'>): ImageViewItem {
  const { id, path, startedAtMs } = fields;
  return { type: 'imageView', id, path, startedAtMs, completedAtMs: null };
}
