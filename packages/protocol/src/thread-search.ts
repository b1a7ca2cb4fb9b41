import { z } from 'zod';
import { Thread } from './thread.js';
import { ThreadSourceKind } from './thread-list.js';
import { SortDirection } from './thread-pages.js';
import type { Wire } from './wire.js';

/** What the results of a search are sorted by. */
const ThreadSearchSortKey = z.enum(['created_at', 'updated_at', 'recency_at']);

/** Params of `thread/search`. */
export const ThreadSearchParams = z.object({
  /** A part of the name or of anything that the user or the agent said, in upper or lower case. */
  searchTerm: z.string(),
  cursor: z.string().nullish(),
  /** 0 counts as 1. */
  limit: z.uint32().nullish(),
  sortKey: ThreadSearchSortKey.nullish(),
  sortDirection: SortDirection.nullish(),
  /** Those that people work with, `cli` and `vscode`, when absent or empty. */
  sourceKinds: z.array(ThreadSourceKind).nullish(),
  /** True for the archived threads only, else those that are not. */
  archived: z.boolean().nullish(),
});
export interface ThreadSearchParams extends Wire<typeof ThreadSearchParams> {}

/** Result of `thread/search`. A snippet shows the first match with what stands around it, in one line. */
export const ThreadSearchResponse = z.object({
  data: z.array(z.object({ thread: Thread, snippet: z.string() })),
  nextCursor: z.string().nullable(),
  backwardsCursor: z.string().nullable(),
});
export interface ThreadSearchResponse extends Wire<typeof ThreadSearchResponse> {}

/** Params of `thread/searchOccurrences`: every place where something was said in one thread. */
export const ThreadSearchOccurrencesParams = z.object({
  threadId: z.string(),
  /** What is looked for in the messages of the user and the agent, in upper or lower case. */
  searchTerm: z.string(),
  cursor: z.string().nullish(),
  /** 0 counts as 1. */
  limit: z.uint32().nullish(),
});
export interface ThreadSearchOccurrencesParams extends Wire<typeof ThreadSearchOccurrencesParams> {}

/** One place where something was said. */
export const ThreadSearchOccurrence = z.object({
  turnId: z.string(),
  itemId: z.string(),
  snippet: z.string(),
  /** Where the match stands in the snippet, in UTF-16 code units; the end is exclusive. */
  snippetMatchRange: z.object({ start: z.int(), end: z.int() }),
  /** A cursor of `thread/turns/list` that begins with the turn. */
  turnCursor: z.string(),
});
export interface ThreadSearchOccurrence extends Wire<typeof ThreadSearchOccurrence> {}

/** Result of `thread/searchOccurrences`, oldest message first. */
export const ThreadSearchOccurrencesResponse = z.object({
  data: z.array(ThreadSearchOccurrence),
  nextCursor: z.string().nullable(),
});
export interface ThreadSearchOccurrencesResponse extends Wire<typeof ThreadSearchOccurrencesResponse> {}
