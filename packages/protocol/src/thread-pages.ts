import { z } from 'zod';
import { ThreadItem } from './item.js';
import { Turn, TurnItemsView } from './turn.js';
import type { Wire } from './wire.js';

/** The order of a list: `asc` is oldest first. */
export const SortDirection = z.enum(['asc', 'desc']);
export type SortDirection = Wire<typeof SortDirection>;

const page = {
  threadId: z.string(),
  limit: z.uint32().nullish(),
  sortDirection: SortDirection.nullish(),
};

/** Params of `thread/turns/list`: newest first and as summaries unless it says otherwise. A `limit` of 0 counts as 1. */
export const ThreadTurnsListParams = z.object({
  ...page,
  cursor: z.string().nullish(),
  itemsView: TurnItemsView.nullish(),
});
export interface ThreadTurnsListParams extends Wire<typeof ThreadTurnsListParams> {}

/** Where the entries before and after a page are: the first is for the same order, the second for the opposite one. */
const cursors = { nextCursor: z.string().nullable(), backwardsCursor: z.string().nullable() };

/** Result of `thread/turns/list`. */
export const ThreadTurnsListResponse = z.object({ data: z.array(Turn), ...cursors });
export interface ThreadTurnsListResponse extends Wire<typeof ThreadTurnsListResponse> {}

/** Params of `thread/items/list`: oldest first unless it says otherwise. A cursor may also name the item to begin after. */
export const ThreadItemsListParams = z.object({
  ...page,
  cursor: z.union([z.string(), z.object({ type: z.literal('item'), itemId: z.string() })]).nullish(),
  /** Only the items of this turn. */
  turnId: z.string().nullish(),
});
export interface ThreadItemsListParams extends Wire<typeof ThreadItemsListParams> {}

/** One item of a thread, and the turn that it belongs to. */
export const ThreadItemEntry = z.object({
  turnId: z.string(),
  item: ThreadItem,
  /** Unix time in milliseconds. */
  startedAtMs: z.int().nullable(),
  /** Unix time in milliseconds; null while the item is open. */
  completedAtMs: z.int().nullable(),
});
export interface ThreadItemEntry extends Wire<typeof ThreadItemEntry> {}

/** Result of `thread/items/list`. */
export const ThreadItemsListResponse = z.object({ data: z.array(ThreadItemEntry), ...cursors });
export interface ThreadItemsListResponse extends Wire<typeof ThreadItemsListResponse> {}
