import { z } from 'zod';
import { UserInput } from './input.js';
import { ThreadItem } from './item.js';
import {
  ApprovalPolicy,
  ApprovalsReviewer,
  Personality,
  ReasoningEffort,
  ReasoningSummary,
} from './policy.js';
import { SandboxPolicy } from './sandbox.js';
import { CollaborationMode } from './settings.js';
import { TurnError } from './turn-error.js';
import type { Wire, WireInput } from './wire.js';

/** How a turn stands. The last three are its ends. */
export const TurnStatus = z.enum(['inProgress', 'completed', 'interrupted', 'failed']);
export type TurnStatus = Wire<typeof TurnStatus>;

/** How much of a turn `items` shows: nothing, its result, or everything. */
export const TurnItemsView = z.enum(['notLoaded', 'summary', 'full']);
export type TurnItemsView = Wire<typeof TurnItemsView>;

const turn = z.object({
  id: z.string(),
  rootTurnId: z.string().nullable(),
  items: z.array(ThreadItem),
  itemsView: TurnItemsView,
  status: TurnStatus,
  error: TurnError.nullable(),
  /** Unix time in seconds. */
  startedAt: z.int().nullable(),
  /** Unix time in seconds. */
  completedAt: z.int().nullable(),
  durationMs: z.int().nullable(),
});

/** One user input up to its end. */
export interface Turn extends Wire<typeof turn> {}
export const Turn: z.ZodType<Turn> = turn;

/** A turn that has just been accepted, or as the given fields say. It is its own root unless another is named. */
export function newTurn(fields: Pick<Turn, 'id'> & Partial<Turn>): Turn {
  const { id, ...rest } = fields;
  return {
    id,
    rootTurnId: id,
    items: [],
    itemsView: 'notLoaded',
    status: 'inProgress',
    error: null,
    startedAt: null,
    completedAt: null,
    durationMs: null,
    ...rest,
  };
}

const turnStartParams = z.object({
  threadId: z.string(),
  input: z.array(UserInput),
  /** Comes back as `clientId` of the user message. */
  clientUserMessageId: z.string().nullish(),
  cwd: z.string().nullish(),
  runtimeWorkspaceRoots: z.array(z.string()).nullish(),
  approvalPolicy: ApprovalPolicy.nullish(),
  approvalsReviewer: ApprovalsReviewer.nullish(),
  sandboxPolicy: SandboxPolicy.nullish(),
  permissions: z.string().nullish(),
  model: z.string().nullish(),
  serviceTier: z.string().nullish(),
  serviceTierForTurn: z.string().nullish(),
  effort: ReasoningEffort.nullish(),
  summary: ReasoningSummary.nullish(),
  personality: Personality.nullish(),
  /** JSON Schema of the final message; for this turn only. */
  outputSchema: z.unknown().optional(),
  collaborationMode: CollaborationMode.nullish(),
  disabledPluginIds: z.array(z.string()).nullish(),
  turnTrigger: z.string().nullish(),
  parentTurnId: z.string().nullish(),
  rootTurnId: z.string().nullish(),
});
/** Params of `turn/start`. What they override stays in force for later turns. */
export interface TurnStartParams extends Wire<typeof turnStartParams> {}
/** {@link TurnStartParams} as callers give them. */
export interface GivenTurnStartParams extends WireInput<typeof turnStartParams> {}
export const TurnStartParams: z.ZodType<TurnStartParams, GivenTurnStartParams> = turnStartParams;

const turnResponse = z.object({ turn: Turn });
/** Result of `turn/start`. When a turn was running, the input joined it and `turn` is that one. */
export interface TurnStartResponse extends Wire<typeof turnResponse> {}
export const TurnStartResponse: z.ZodType<TurnStartResponse> = turnResponse;

/** Params of `turn/interrupt`. An empty `turnId` means the turn that is just being started. */
export const TurnInterruptParams = z.object({ threadId: z.string(), turnId: z.string() });
export interface TurnInterruptParams extends Wire<typeof TurnInterruptParams> {}

/** Result of `turn/interrupt`: nothing. */
export const TurnInterruptResponse = z.object({});
export interface TurnInterruptResponse extends Wire<typeof TurnInterruptResponse> {}

const turnSteerParams = z.object({
  threadId: z.string(),
  input: z.array(UserInput),
  clientUserMessageId: z.string().nullish(),
  expectedTurnId: z.string(),
});
/** Params of `turn/steer`. */
export interface TurnSteerParams extends Wire<typeof turnSteerParams> {}
/** {@link TurnSteerParams} as callers give them. */
export interface GivenTurnSteerParams extends WireInput<typeof turnSteerParams> {}
export const TurnSteerParams: z.ZodType<TurnSteerParams, GivenTurnSteerParams> = turnSteerParams;

/** Result of `turn/steer`. */
export const TurnSteerResponse = z.object({ turnId: z.string() });
export interface TurnSteerResponse extends Wire<typeof TurnSteerResponse> {}

const turnNotification = z.object({ threadId: z.string(), turn: Turn });
/** Params of `turn/started` and `turn/completed`. */
export interface TurnNotification extends Wire<typeof turnNotification> {}
export const TurnNotification: z.ZodType<TurnNotification> = turnNotification;

/** Params of `turn/diff/updated`: all changes of the turn so far as one unified diff. */
export const TurnDiffUpdatedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  diff: z.string(),
});
export interface TurnDiffUpdatedNotification extends Wire<typeof TurnDiffUpdatedNotification> {}

/** One step of the agent's own list of what to do. */
export const TurnPlanStep = z.object({
  step: z.string(),
  status: z.enum(['pending', 'inProgress', 'completed']),
});
export interface TurnPlanStep extends Wire<typeof TurnPlanStep> {}

/** Params of `turn/plan/updated`. */
export const TurnPlanUpdatedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  explanation: z.string().nullable(),
  plan: z.array(TurnPlanStep),
});
export interface TurnPlanUpdatedNotification extends Wire<typeof TurnPlanUpdatedNotification> {}

/** Params of `error`: a turn met an error, and either tries again or fails next. */
export const ErrorNotification = z.object({
  error: TurnError,
  willRetry: z.boolean(),
  threadId: z.string(),
  turnId: z.string(),
});
export interface ErrorNotification extends Wire<typeof ErrorNotification> {}
