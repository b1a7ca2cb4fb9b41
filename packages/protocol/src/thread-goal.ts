import { z } from 'zod';
import type { Wire } from './wire.js';

const ofThread = { threadId: z.string() };

/** How far a thread is with its goal. Only an `active` one makes it start turns by itself. */
export const ThreadGoalStatus = z.enum([
  'active',
  'paused',
  'blocked',
  'usageLimited',
  'budgetLimited',
  'complete',
]);
export type ThreadGoalStatus = Wire<typeof ThreadGoalStatus>;

/** What a thread works towards, over as many turns as it takes. */
export const ThreadGoal = z.object({
  ...ofThread,
  objective: z.string(),
  status: ThreadGoalStatus,
  /** Tokens that it may use; null means any number. */
  tokenBudget: z.int().nullable(),
  tokensUsed: z.int(),
  timeUsedSeconds: z.int(),
  /** Unix time in seconds, like the next. */
  createdAt: z.int(),
  updatedAt: z.int(),
});
export interface ThreadGoal extends Wire<typeof ThreadGoal> {}

const origin = z.enum(['user', 'automatic']).nullish();

/** Params of `thread/goal/set`: what is absent stays; a budget of null takes the budget away. */
export const ThreadGoalSetParams = z.object({
  ...ofThread,
  origin,
  objective: z.string().nullish(),
  status: ThreadGoalStatus.nullish(),
  tokenBudget: z.int().nullish(),
});
export interface ThreadGoalSetParams extends Wire<typeof ThreadGoalSetParams> {}

/** Result of `thread/goal/set`. */
export const ThreadGoalSetResponse = z.object({ goal: ThreadGoal });
export interface ThreadGoalSetResponse extends Wire<typeof ThreadGoalSetResponse> {}

/** Params of `thread/goal/get`. */
export const ThreadGoalGetParams = z.object(ofThread);
export interface ThreadGoalGetParams extends Wire<typeof ThreadGoalGetParams> {}

/** Result of `thread/goal/get`. */
export const ThreadGoalGetResponse = z.object({ goal: ThreadGoal.nullable() });
export interface ThreadGoalGetResponse extends Wire<typeof ThreadGoalGetResponse> {}

/** Params of `thread/goal/clear`. */
export const ThreadGoalClearParams = z.object({ ...ofThread, origin });
export interface ThreadGoalClearParams extends Wire<typeof ThreadGoalClearParams> {}

/** Result of `thread/goal/clear`: whether there was one. */
export const ThreadGoalClearResponse = z.object({ cleared: z.boolean() });
export interface ThreadGoalClearResponse extends Wire<typeof ThreadGoalClearResponse> {}

/** Params of `thread/goal/updated`; the turn is null where nobody's turn changed it. */
export const ThreadGoalUpdatedNotification = z.object({
  ...ofThread,
  turnId: z.string().nullable(),
  goal: ThreadGoal,
});
export interface ThreadGoalUpdatedNotification extends Wire<typeof ThreadGoalUpdatedNotification> {}
