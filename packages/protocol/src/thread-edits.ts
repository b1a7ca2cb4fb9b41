import { z } from 'zod';
import {
  ApprovalPolicy,
  ApprovalsReviewer,
  Personality,
  ReasoningEffort,
  ReasoningSummary,
} from './policy.js';
import { SandboxPolicy } from './sandbox.js';
import { CollaborationMode } from './settings.js';
import { Thread, ThreadReadState } from './thread.js';
import type { Wire, WireInput } from './wire.js';

const ofThread = { threadId: z.string() };

/** Params of `thread/inject_items`: entries for what the model is given, in the form of the Responses API. */
export const ThreadInjectItemsParams = z.object({ ...ofThread, items: z.array(z.unknown()) });
export interface ThreadInjectItemsParams extends Wire<typeof ThreadInjectItemsParams> {}

/** Result of `thread/inject_items`, `thread/settings/update`: nothing. */
export const ThreadEditResponse = z.object({});
export interface ThreadEditResponse extends Wire<typeof ThreadEditResponse> {}

/** Params of `thread/revert`: the turn with which what is forgotten begins. */
export const ThreadRevertParams = z.object({ ...ofThread, beforeTurnId: z.string() });
export interface ThreadRevertParams extends Wire<typeof ThreadRevertParams> {}

const threadRevertResponse = z.object({
  thread: Thread,
  turnsBackwardsCursor: z.string().nullable(),
  itemsBackwardsCursor: z.string().nullable(),
});
/** Result of `thread/revert`: the thread without turns, and where what is left can be read backwards. */
export interface ThreadRevertResponse extends Wire<typeof threadRevertResponse> {}
export const ThreadRevertResponse: z.ZodType<ThreadRevertResponse> = threadRevertResponse;

/** Params of `thread/reverted`. */
export const ThreadRevertedNotification = z.object(ofThread);
export interface ThreadRevertedNotification extends Wire<typeof ThreadRevertedNotification> {}

/** Params of `thread/readState/update`: refused where the state is not the expected one any more. */
export const ThreadReadStateUpdateParams = z.object({
  ...ofThread,
  operation: z.discriminatedUnion('type', [
    z.object({ type: z.literal('read') }),
    z.object({ type: z.literal('unread') }),
  ]),
  expectedRevision: z.string(),
});
export interface ThreadReadStateUpdateParams extends Wire<typeof ThreadReadStateUpdateParams> {}

/** Result of `thread/readState/update`. */
export const ThreadReadStateUpdateResponse = z.object({ readState: ThreadReadState });
export interface ThreadReadStateUpdateResponse extends Wire<typeof ThreadReadStateUpdateResponse> {}

const threadSettingsUpdateParams = z.object({
  ...ofThread,
  cwd: z.string().nullish(),
  approvalPolicy: ApprovalPolicy.nullish(),
  approvalsReviewer: ApprovalsReviewer.nullish(),
  sandboxPolicy: SandboxPolicy.nullish(),
  /** A named permission profile; not together with `sandboxPolicy`. */
  permissions: z.string().nullish(),
  model: z.string().nullish(),
  effort: ReasoningEffort.nullish(),
  summary: ReasoningSummary.nullish(),
  collaborationMode: CollaborationMode.nullish(),
  personality: Personality.nullish(),
});
/** Params of `thread/settings/update`: what is absent or null stays as it is. */
export interface ThreadSettingsUpdateParams extends Wire<typeof threadSettingsUpdateParams> {}
/** {@link ThreadSettingsUpdateParams} as callers give them. */
export interface GivenThreadSettingsUpdateParams extends WireInput<typeof threadSettingsUpdateParams> {}
export const ThreadSettingsUpdateParams: z.ZodType<
  ThreadSettingsUpdateParams,
  GivenThreadSettingsUpdateParams
> = threadSettingsUpdateParams;
