import { z } from 'zod';
import { DynamicToolSpec } from './dynamic-tool.js';
import {
  ActivePermissionProfile,
  ApprovalPolicy,
  ApprovalsReviewer,
  Personality,
  ReasoningEffort,
} from './policy.js';
import { SandboxMode, SandboxPolicy } from './sandbox.js';
import { CollaborationMode } from './settings.js';
import { Thread, ThreadReadState } from './thread.js';
import { Turn } from './turn.js';
import type { Wire, WireInput } from './wire.js';

const startSettings = {
  model: z.string().nullish(),
  modelProvider: z.string().nullish(),
  /** A relative path counts from the server's working directory. It need not exist. */
  cwd: z.string().nullish(),
  runtimeWorkspaceRoots: z.array(z.string()).nullish(),
  approvalPolicy: ApprovalPolicy.nullish(),
  approvalsReviewer: ApprovalsReviewer.nullish(),
  sandbox: SandboxMode.nullish(),
  permissions: z.string().nullish(),
  /** Keys of `config.toml`, dotted or nested, that count for this thread only. */
  config: z.record(z.string(), z.unknown()).nullish(),
  baseInstructions: z.string().nullish(),
  developerInstructions: z.string().nullish(),
  personality: Personality.nullish(),
  serviceTier: z.string().nullish(),
};

const threadStartParams = z.object({
  ...startSettings,
  serviceName: z.string().nullish(),
  ephemeral: z.boolean().nullish(),
  historyMode: z.enum(['legacy', 'paginated']).nullish(),
  sessionStartSource: z.enum(['startup', 'clear']).nullish(),
  threadSource: z.string().nullish(),
  dynamicTools: z.array(DynamicToolSpec).nullish(),
});
/** Params of `thread/start`. */
export interface ThreadStartParams extends Wire<typeof threadStartParams> {}
/** {@link ThreadStartParams} as callers give them. */
export interface GivenThreadStartParams extends WireInput<typeof threadStartParams> {}
export const ThreadStartParams: z.ZodType<ThreadStartParams, GivenThreadStartParams> = threadStartParams;

const threadResumeParams = z.object({
  threadId: z.string(),
  ...startSettings,
  /** The file of the thread; names it instead of `threadId` where it is not loaded. An empty one counts as absent. */
  path: z.string().nullish(),
  /** What the model is given of a conversation that was kept elsewhere: begins a thread of its own. */
  history: z.array(z.unknown()).nullish(),
  excludeTurns: z.boolean().nullish(),
  initialTurnsPage: z
    .object({
      limit: z.uint32().nullish(),
      sortDirection: z.enum(['asc', 'desc']).nullish(),
      itemsView: z.enum(['notLoaded', 'summary', 'full']).nullish(),
    })
    .nullish(),
});
/** Params of `thread/resume`. Overrides count only when the thread was not loaded yet. */
export interface ThreadResumeParams extends Wire<typeof threadResumeParams> {}
/** {@link ThreadResumeParams} as callers give them. */
export interface GivenThreadResumeParams extends WireInput<typeof threadResumeParams> {}
export const ThreadResumeParams: z.ZodType<ThreadResumeParams, GivenThreadResumeParams> = threadResumeParams;

const threadForkParams = z.object({
  threadId: z.string(),
  ...startSettings,
  /** The last turn that the fork has, which has to have ended; all turns when absent. */
  lastTurnId: z.string().nullish(),
  /** The first turn that the fork does not have; not together with `lastTurnId`. */
  beforeTurnId: z.string().nullish(),
  /** The file of the source; names it instead of `threadId`. An empty one counts as absent. */
  path: z.string().nullish(),
  ephemeral: z.boolean().nullish(),
  excludeTurns: z.boolean().nullish(),
  threadSource: z.string().nullish(),
});
/** Params of `thread/fork`, which is answered like `thread/start`. */
export interface ThreadForkParams extends Wire<typeof threadForkParams> {}
/** {@link ThreadForkParams} as callers give them. */
export interface GivenThreadForkParams extends WireInput<typeof threadForkParams> {}
export const ThreadForkParams: z.ZodType<ThreadForkParams, GivenThreadForkParams> = threadForkParams;

const runningThread = {
  thread: Thread,
  model: z.string(),
  modelProvider: z.string(),
  serviceTier: z.string().nullable(),
  disabledPluginIds: z.array(z.string()),
  cwd: z.string(),
  runtimeWorkspaceRoots: z.array(z.string()),
  instructionSources: z.array(z.string()),
  approvalPolicy: ApprovalPolicy,
  approvalsReviewer: ApprovalsReviewer,
  sandbox: SandboxPolicy,
  activePermissionProfile: ActivePermissionProfile.nullable(),
  reasoningEffort: ReasoningEffort.nullable(),
};

const threadStartResponse = z.object({ ...runningThread, multiAgentMode: z.string() });
/** Result of `thread/start`. */
export interface ThreadStartResponse extends Wire<typeof threadStartResponse> {}
export const ThreadStartResponse: z.ZodType<ThreadStartResponse> = threadStartResponse;

/** Some turns of a thread, and where the next ones are. */
export const TurnsPage = z.object({
  data: z.array(Turn),
  nextCursor: z.string().nullable(),
  backwardsCursor: z.string().nullable(),
});
export interface TurnsPage extends Wire<typeof TurnsPage> {}

const threadResumeResponse = z.object({
  ...runningThread,
  collaborationMode: CollaborationMode.nullable(),
  multiAgentMode: z.string(),
  initialTurnsPage: TurnsPage.nullable(),
  turnsBackwardsCursor: z.string().nullable(),
  itemsBackwardsCursor: z.string().nullable(),
});
/** Result of `thread/resume`. `thread.turns` is filled unless `excludeTurns` was set. */
export interface ThreadResumeResponse extends Wire<typeof threadResumeResponse> {}
export const ThreadResumeResponse: z.ZodType<ThreadResumeResponse> = threadResumeResponse;

/** Params of `thread/read`. */
export const ThreadReadParams = z.object({ threadId: z.string(), includeTurns: z.boolean().nullish() });
export interface ThreadReadParams extends Wire<typeof ThreadReadParams> {}

const threadReadResponse = z.object({ thread: Thread, readState: ThreadReadState.nullable() });
/** Result of `thread/read`. `readState` is null for an ephemeral thread. */
export interface ThreadReadResponse extends Wire<typeof threadReadResponse> {}
export const ThreadReadResponse: z.ZodType<ThreadReadResponse> = threadReadResponse;

/** Params of `thread/loaded/list`. A `limit` of 0 counts as 1. */
export const ThreadLoadedListParams = z.object({
  cursor: z.string().nullish(),
  limit: z.uint32().nullish(),
});
export interface ThreadLoadedListParams extends Wire<typeof ThreadLoadedListParams> {}

/** Result of `thread/loaded/list`: ids of threads in memory. */
export const ThreadLoadedListResponse = z.object({
  data: z.array(z.string()),
  nextCursor: z.string().nullable(),
});
export interface ThreadLoadedListResponse extends Wire<typeof ThreadLoadedListResponse> {}

/** Params of `thread/unsubscribe`. */
export const ThreadUnsubscribeParams = z.object({ threadId: z.string() });
export interface ThreadUnsubscribeParams extends Wire<typeof ThreadUnsubscribeParams> {}

/** Result of `thread/unsubscribe`. A running turn goes on. */
export const ThreadUnsubscribeResponse = z.object({
  status: z.enum(['notLoaded', 'notSubscribed', 'unsubscribed']),
});
export interface ThreadUnsubscribeResponse extends Wire<typeof ThreadUnsubscribeResponse> {}
