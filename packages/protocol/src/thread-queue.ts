import { z } from 'zod';
import { UserInput } from './input.js';
import { Turn } from './turn.js';
import type { Wire, WireInput } from './wire.js';

const ofThread = { threadId: z.string() };
const ofSubmission = { ...ofThread, queuedSubmissionId: z.string() };
const metadata = z.record(z.string(), z.string());

const queuedSubmission = z.object({
  id: z.string(),
  input: z.array(UserInput),
  clientUserMessageId: z.string(),
  /** Kept for the client; the model is not told. */
  responsesapiClientMetadata: metadata.nullable(),
});
/** Input that waits for its turn. */
export interface QueuedSubmission extends Wire<typeof queuedSubmission> {}
export const QueuedSubmission: z.ZodType<QueuedSubmission> = queuedSubmission;

const threadQueueAddParams = z.object({
  ...ofThread,
  input: z.array(UserInput),
  clientUserMessageId: z.string(),
  responsesapiClientMetadata: metadata.nullish(),
});
/** Params of `thread/queue/add`. */
export interface ThreadQueueAddParams extends Wire<typeof threadQueueAddParams> {}
/** {@link ThreadQueueAddParams} as callers give them. */
export interface GivenThreadQueueAddParams extends WireInput<typeof threadQueueAddParams> {}
export const ThreadQueueAddParams: z.ZodType<ThreadQueueAddParams, GivenThreadQueueAddParams> =
  threadQueueAddParams;

/** Result of `thread/queue/add` and `thread/queue/update`. */
export const ThreadQueueAddResponse = z.object({ queuedSubmission: QueuedSubmission });
export interface ThreadQueueAddResponse extends Wire<typeof ThreadQueueAddResponse> {}

/** Params of `thread/queue/list`. A `limit` of 0 counts as 1. */
export const ThreadQueueListParams = z.object({
  ...ofThread,
  cursor: z.string().nullish(),
  limit: z.uint32().nullish(),
});
export interface ThreadQueueListParams extends Wire<typeof ThreadQueueListParams> {}

/** Result of `thread/queue/list`: what comes next first. */
export const ThreadQueueListResponse = z.object({
  data: z.array(QueuedSubmission),
  nextCursor: z.string().nullable(),
});
export interface ThreadQueueListResponse extends Wire<typeof ThreadQueueListResponse> {}

const threadQueueUpdateParams = z.object({
  ...ofSubmission,
  input: z.array(UserInput),
  /** Takes the place of what was there; absent or empty leaves it. */
  responsesapiClientMetadata: metadata.nullish(),
});
/** Params of `thread/queue/update`. */
export interface ThreadQueueUpdateParams extends Wire<typeof threadQueueUpdateParams> {}
/** {@link ThreadQueueUpdateParams} as callers give them. */
export interface GivenThreadQueueUpdateParams extends WireInput<typeof threadQueueUpdateParams> {}
export const ThreadQueueUpdateParams: z.ZodType<ThreadQueueUpdateParams, GivenThreadQueueUpdateParams> =
  threadQueueUpdateParams;

/** Params of `thread/queue/delete`. */
export const ThreadQueueDeleteParams = z.object(ofSubmission);
export interface ThreadQueueDeleteParams extends Wire<typeof ThreadQueueDeleteParams> {}

/** Result of `thread/queue/delete`: whether it was there. */
export const ThreadQueueDeleteResponse = z.object({ deleted: z.boolean() });
export interface ThreadQueueDeleteResponse extends Wire<typeof ThreadQueueDeleteResponse> {}

/** Params of `thread/queue/reorder`: every id that is queued, once. */
export const ThreadQueueReorderParams = z.object({ ...ofThread, queuedSubmissionIds: z.array(z.string()) });
export interface ThreadQueueReorderParams extends Wire<typeof ThreadQueueReorderParams> {}

/** Params of `thread/queue/start`: the first one where no id is given. */
export const ThreadQueueStartParams = z.object({ ...ofThread, queuedSubmissionId: z.string().nullish() });
export interface ThreadQueueStartParams extends Wire<typeof ThreadQueueStartParams> {}

const threadQueueStartResponse = z.object({ turn: Turn });
/** Result of `thread/queue/start`. */
export interface ThreadQueueStartResponse extends Wire<typeof threadQueueStartResponse> {}
export const ThreadQueueStartResponse: z.ZodType<ThreadQueueStartResponse> = threadQueueStartResponse;

/** Params of `thread/queue/changed`. */
export const ThreadQueueChangedNotification = z.object(ofThread);
export interface ThreadQueueChangedNotification extends Wire<typeof ThreadQueueChangedNotification> {}
