import { z } from 'zod';
import type { Wire } from './wire.js';

/** How clients show a section. */
const ThreadSectionAppearance = z.object({
  icon: z
    .string()
    .nullish()
    .transform((icon) => icon ?? null),
  color: z
    .string()
    .nullish()
    .transform((color) => color ?? null),
});

/** A part of the list of threads that the user has made. */
export const ThreadSection = z.object({
  id: z.string(),
  name: z.string(),
  appearance: ThreadSectionAppearance.nullable(),
});
export interface ThreadSection extends Wire<typeof ThreadSection> {}

/** Params of `threadSection/list`. A `limit` of 0 counts as 1. */
export const ThreadSectionListParams = z.object({
  cursor: z.string().nullish(),
  limit: z.uint32().nullish(),
});
export interface ThreadSectionListParams extends Wire<typeof ThreadSectionListParams> {}

/** Result of `threadSection/list`: in the order in which they were made. */
export const ThreadSectionListResponse = z.object({
  data: z.array(ThreadSection),
  nextCursor: z.string().nullable(),
});
export interface ThreadSectionListResponse extends Wire<typeof ThreadSectionListResponse> {}

/** Params of `threadSection/create`. */
export const ThreadSectionCreateParams = z.object({
  name: z.string(),
  appearance: ThreadSectionAppearance.nullish(),
});
export interface ThreadSectionCreateParams extends Wire<typeof ThreadSectionCreateParams> {}

/** Result of `threadSection/create` and `threadSection/update`. */
export const ThreadSectionResponse = z.object({ section: ThreadSection });
export interface ThreadSectionResponse extends Wire<typeof ThreadSectionResponse> {}

/** Params of `threadSection/update`: an absent appearance stays, null takes it away. */
export const ThreadSectionUpdateParams = z.object({
  sectionId: z.string(),
  name: z.string(),
  appearance: ThreadSectionAppearance.nullish(),
});
export interface ThreadSectionUpdateParams extends Wire<typeof ThreadSectionUpdateParams> {}

/** Params of `threadSection/delete`: its threads are in no section then. */
export const ThreadSectionDeleteParams = z.object({ sectionId: z.string() });
export interface ThreadSectionDeleteParams extends Wire<typeof ThreadSectionDeleteParams> {}

/** Params of `thread/section/move`: into a section, to another place in it, or with null out of it. */
export const ThreadSectionMoveParams = z.object({
  threadId: z.string(),
  sectionId: z.string().nullable(),
  /** The thread that it is to stand before; the end of the section where absent or null. */
  beforeThreadId: z.string().nullish(),
});
export interface ThreadSectionMoveParams extends Wire<typeof ThreadSectionMoveParams> {}

/** Params of `thread/section/changed`. */
export const ThreadSectionChangedNotification = z.object({
  threadId: z.string(),
  /** Null when it is in no section any more. */
  sectionId: z.string().nullable(),
});
export interface ThreadSectionChangedNotification extends Wire<typeof ThreadSectionChangedNotification> {}
