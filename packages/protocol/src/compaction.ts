import { z } from 'zod';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

/** The model history was replaced by a summary here. */
export const ContextCompactionItem = z.object({
  type: z.literal('contextCompaction'),
  id: z.string(),
  ...ITEM_TIMES,
});
export interface ContextCompactionItem extends Wire<typeof ContextCompactionItem> {}

/** An open compaction. */
export function newContextCompaction({ id, startedAtMs }: ItemStart): ContextCompactionItem {
  return { type: 'contextCompaction', id, startedAtMs, completedAtMs: null };
}

/** Params of `thread/compact/start`. */
export const ThreadCompactStartParams = z.object({ threadId: z.string() });
export interface ThreadCompactStartParams extends Wire<typeof ThreadCompactStartParams> {}

/** Result of `thread/compact/start`: a turn begins that does it. */
export const ThreadCompactStartResponse = z.object({});
export interface ThreadCompactStartResponse extends Wire<typeof ThreadCompactStartResponse> {}
