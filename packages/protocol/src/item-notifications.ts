import { z } from 'zod';
import { FileUpdateChange } from './file-change.js';
import { ThreadItem } from './item.js';
import type { Wire } from './wire.js';

const inTurn = { threadId: z.string(), turnId: z.string() };
const ofItem = { ...inTurn, itemId: z.string() };

/** Params of `item/started`. */
export const ItemStartedNotification = z.object({ item: ThreadItem, ...inTurn, startedAtMs: z.int() });
export interface ItemStartedNotification extends Wire<typeof ItemStartedNotification> {}

/** Params of `item/completed`. The item is final: it replaces whatever its deltas added up to. */
export const ItemCompletedNotification = z.object({
  item: ThreadItem,
  ...inTurn,
  contentTokenCount: z.int().nullable(),
  completedAtMs: z.int(),
});
export interface ItemCompletedNotification extends Wire<typeof ItemCompletedNotification> {}

/** Params of `item/agentMessage/delta`, `item/plan/delta`, `item/commandExecution/outputDelta` and `item/fileChange/outputDelta`. */
export const ItemDeltaNotification = z.object({
  ...ofItem,
  delta: z.string(),
  /** Bytes of output that are missing before `delta`, where a slow reader made the server drop some. Ours. */
  droppedBytes: z.int().nonnegative().optional(),
});
export interface ItemDeltaNotification extends Wire<typeof ItemDeltaNotification> {}

/** Params of `item/reasoning/summaryPartAdded`. */
export const ReasoningSummaryPartAddedNotification = z.object({ ...ofItem, summaryIndex: z.int() });
export interface ReasoningSummaryPartAddedNotification
  extends Wire<typeof ReasoningSummaryPartAddedNotification> {}

/** Params of `item/reasoning/summaryTextDelta`. */
export const ReasoningSummaryTextDeltaNotification = z.object({
  ...ofItem,
  delta: z.string(),
  summaryIndex: z.int(),
});
export interface ReasoningSummaryTextDeltaNotification
  extends Wire<typeof ReasoningSummaryTextDeltaNotification> {}

/** Params of `item/reasoning/textDelta`. */
export const ReasoningTextDeltaNotification = z.object({
  ...ofItem,
  delta: z.string(),
  contentIndex: z.int(),
});
export interface ReasoningTextDeltaNotification extends Wire<typeof ReasoningTextDeltaNotification> {}

/** Params of `item/commandExecution/terminalInteraction`: what the agent typed into a running command. */
export const TerminalInteractionNotification = z.object({
  ...ofItem,
  processId: z.string(),
  stdin: z.string(),
});
export interface TerminalInteractionNotification extends Wire<typeof TerminalInteractionNotification> {}

/** Params of `item/fileChange/patchUpdated`: the patch as far as the model has written it. */
export const FileChangePatchUpdatedNotification = z.object({ ...ofItem, changes: z.array(FileUpdateChange) });
export interface FileChangePatchUpdatedNotification extends Wire<typeof FileChangePatchUpdatedNotification> {}
