import { z } from 'zod';
import { Thread, ThreadReadState } from './thread.js';
import { SortDirection } from './thread-pages.js';
import type { Wire } from './wire.js';

/** What a list of threads is sorted by. There are no sections, so the last one is the same as the first. */
export const ThreadSortKey = z.enum(['created_at', 'updated_at', 'recency_at', 'section_position']);
export type ThreadSortKey = Wire<typeof ThreadSortKey>;

/** The surfaces that threads come from. */
export const ThreadSourceKind = z.enum([
  'cli',
  'vscode',
  'exec',
  'appServer',
  'subAgent',
  'subAgentReview',
  'subAgentCompact',
  'subAgentThreadSpawn',
  'subAgentOther',
  'unknown',
]);
export type ThreadSourceKind = Wire<typeof ThreadSourceKind>;

/** Params of `thread/list`. Absent filters let everything pass, but for `archived` and `sourceKinds`. */
export const ThreadListParams = z.object({
  cursor: z.string().nullish(),
  /** 0 counts as 1. */
  limit: z.uint32().nullish(),
  sortKey: ThreadSortKey.nullish(),
  sortDirection: SortDirection.nullish(),
  /** An empty list is no filter. */
  modelProviders: z.array(z.string()).nullish(),
  /** Those that people work with, `cli` and `vscode`, when absent or empty. */
  sourceKinds: z.array(ThreadSourceKind).nullish(),
  /** Threads of one user have many originators, so a list that is not empty is refused. */
  originators: z.array(z.string()).nullish(),
  /** At most 100. */
  excludedThreadIds: z.array(z.string()).nullish(),
  /** The threads that this one has started. */
  parentThreadId: z.string().nullish(),
  /** The threads that this one, or one of those, has started. */
  ancestorThreadId: z.string().nullish(),
  /** True for the archived threads only, else those that are not. */
  archived: z.boolean().nullish(),
  /** One working directory, or several. */
  cwd: z.union([z.string(), z.array(z.string())]).nullish(),
  /** A part of the name or of the preview, in upper or lower case. */
  searchTerm: z.string().nullish(),
  /** Null: those that are in no section. */
  sectionId: z.string().nullish(),
});
export interface ThreadListParams extends Wire<typeof ThreadListParams> {}

/** Result of `thread/list`. The second cursor is for the opposite order and begins where this page does. */
export const ThreadListResponse = z.object({
  data: z.array(Thread),
  /** By thread id. */
  readStates: z.record(z.string(), ThreadReadState),
  nextCursor: z.string().nullable(),
  backwardsCursor: z.string().nullable(),
});
export interface ThreadListResponse extends Wire<typeof ThreadListResponse> {}
