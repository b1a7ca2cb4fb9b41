import { z } from 'zod';
import { ReasoningEffort } from './policy.js';
import { ThreadEnvironment } from './settings.js';
import { ThreadStatus } from './status.js';
import { ThreadSection } from './thread-section.js';
import { ThreadTokenUsage } from './token-usage.js';
import { Turn } from './turn.js';
import type { Wire } from './wire.js';

/** The commit that a thread began at. */
export const GitInfo = z.object({
  sha: z.string().nullable(),
  branch: z.string().nullable(),
  originUrl: z.string().nullable(),
});
export interface GitInfo extends Wire<typeof GitInfo> {}

/** Which surface began a thread: a word, or an object for custom names and sub-agents. */
export const SessionSource = z.union([z.string(), z.looseObject({})]);
export type SessionSource = Wire<typeof SessionSource>;

const thread = z.object({
  id: z.string(),
  /** Null, like `canAcceptDirectInput`, while the thread is not loaded. */
  environments: z.array(ThreadEnvironment).nullable(),
  extra: z.unknown(),
  sessionId: z.string(),
  forkedFromId: z.string().nullable(),
  attachedToThreadId: z.string().nullable(),
  parentThreadId: z.string().nullable(),
  /** The beginning of the first user message; empty before there is one. */
  preview: z.string(),
  /** True when the thread is never written to disk. */
  ephemeral: z.boolean(),
  section: ThreadSection.nullable(),
  /** Unix time in seconds; null where it is in no section. */
  sectionEnteredAt: z.int().nullable(),
  projectId: z.string().nullable(),
  historyMode: z.enum(['legacy', 'paginated']),
  modelProvider: z.string(),
  model: z.string().nullable(),
  reasoningEffort: ReasoningEffort.nullable(),
  /** Unix time in seconds, as the next two. */
  createdAt: z.int(),
  updatedAt: z.int(),
  recencyAt: z.int().nullable(),
  status: ThreadStatus,
  /** Absolute path of the thread's file; announced before it exists, null for an ephemeral thread. */
  path: z.string().nullable(),
  /** Absolute. */
  cwd: z.string(),
  cliVersion: z.string(),
  originator: z.string().nullable(),
  source: SessionSource,
  canAcceptDirectInput: z.boolean().nullable(),
  threadSource: z.string().nullable(),
  agentNickname: z.string().nullable(),
  agentRole: z.string().nullable(),
  gitInfo: GitInfo.nullable(),
  name: z.string().nullable(),
  daybreakEnabled: z.boolean().nullable(),
  /** Filled only where the method says so, oldest first. */
  turns: z.array(Turn),
});

/** A conversation. */
export interface Thread extends Wire<typeof thread> {}
export const Thread: z.ZodType<Thread> = thread;

/** What a thread cannot do without; everything else has a plain value. */
export type NewThreadFields = Pick<
  Thread,
  'id' | 'modelProvider' | 'model' | 'createdAt' | 'cwd' | 'cliVersion' | 'originator'
> &
  Partial<Thread>;

/** A thread that was just begun, or as the given fields say. */
export function newThread(fields: NewThreadFields): Thread {
  const { id, modelProvider, model, createdAt, cwd, cliVersion, originator, ...rest } = fields;
  return {
    id,
    environments: [{ environmentId: 'local', cwd, runtimeWorkspaceRoots: [cwd] }],
    extra: null,
    sessionId: id,
    forkedFromId: null,
    attachedToThreadId: null,
    parentThreadId: null,
    preview: '',
    ephemeral: false,
    section: null,
    sectionEnteredAt: null,
    projectId: null,
    historyMode: 'paginated',
    modelProvider,
    model,
    reasoningEffort: null,
    createdAt,
    updatedAt: createdAt,
    recencyAt: createdAt,
    status: { type: 'idle' },
    path: null,
    cwd,
    cliVersion,
    originator,
    source: 'vscode',
    canAcceptDirectInput: true,
    threadSource: null,
    agentNickname: null,
    agentRole: null,
    gitInfo: null,
    name: null,
    daybreakEnabled: null,
    turns: [],
    ...rest,
  };
}

/** How far the user has read a thread. */
export const ThreadReadState = z.object({
  firstUnread: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('threadStart') }),
      z.object({ type: z.literal('turn'), turnId: z.string() }),
    ])
    .nullable(),
  /** Changes with every change, so that an update can name the state it saw. */
  revision: z.string(),
});
export interface ThreadReadState extends Wire<typeof ThreadReadState> {}

/** Params of `thread/started`. */
export const ThreadStartedNotification = z.object({ thread: Thread });
export interface ThreadStartedNotification extends Wire<typeof ThreadStartedNotification> {}

/** Params of `thread/status/changed`. */
export const ThreadStatusChangedNotification = z.object({ threadId: z.string(), status: ThreadStatus });
export interface ThreadStatusChangedNotification extends Wire<typeof ThreadStatusChangedNotification> {}

/** Params of `thread/closed`. */
export const ThreadClosedNotification = z.object({ threadId: z.string() });
export interface ThreadClosedNotification extends Wire<typeof ThreadClosedNotification> {}

/** Params of `thread/tokenUsage/updated`. */
export const ThreadTokenUsageUpdatedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  tokenUsage: ThreadTokenUsage,
});
export interface ThreadTokenUsageUpdatedNotification
  extends Wire<typeof ThreadTokenUsageUpdatedNotification> {}

/** Params of `thread/readState/changed`. */
export const ThreadReadStateChangedNotification = z.object({
  threadId: z.string(),
  readState: ThreadReadState,
});
export interface ThreadReadStateChangedNotification extends Wire<typeof ThreadReadStateChangedNotification> {}
