import type { z } from 'zod';
import { AccountRateLimitsUpdatedNotification } from './account.js';
import { AccountLoginCompletedNotification, AccountUpdatedNotification } from './account-login.js';
import { ServerRequestResolvedNotification } from './approval.js';
import { CommandExecOutputDeltaNotification } from './command-exec.js';
import { ConfigWarningNotification } from './config.js';
import { FsChangedNotification } from './fs-requests.js';
import {
  FuzzyFileSearchSessionCompletedNotification,
  FuzzyFileSearchSessionUpdatedNotification,
} from './fuzzy-file-search.js';
import {
  FileChangePatchUpdatedNotification,
  ItemCompletedNotification,
  ItemDeltaNotification,
  ItemStartedNotification,
  ReasoningSummaryPartAddedNotification,
  ReasoningSummaryTextDeltaNotification,
  ReasoningTextDeltaNotification,
  TerminalInteractionNotification,
} from './item-notifications.js';
import { McpServerStatusUpdatedNotification, McpToolCallProgressNotification } from './mcp-server.js';
import { ProcessOutputDeltaNotification } from './process-requests.js';
import {
  DeprecationNoticeNotification,
  ProcessExitedNotification,
  RemoteControlStatusChangedNotification,
  WarningNotification,
} from './server-notices.js';
import { ThreadSettingsUpdatedNotification } from './settings.js';
import { SkillsChangedNotification } from './skills.js';
import {
  ThreadClosedNotification,
  ThreadReadStateChangedNotification,
  ThreadStartedNotification,
  ThreadStatusChangedNotification,
  ThreadTokenUsageUpdatedNotification,
} from './thread.js';
import { ThreadRevertedNotification } from './thread-edits.js';
import { ThreadGoalUpdatedNotification } from './thread-goal.js';
import {
  ThreadArchivedNotification,
  ThreadGoalClearedNotification,
  ThreadNameUpdatedNotification,
} from './thread-management.js';
import { ThreadQueueChangedNotification } from './thread-queue.js';
import { ThreadSectionChangedNotification } from './thread-section.js';
import {
  ErrorNotification,
  TurnDiffUpdatedNotification,
  TurnNotification,
  TurnPlanUpdatedNotification,
} from './turn.js';
import type { DeepReadonly } from './wire.js';

/**
 * What happens to a notification when a view is full.
 *
 * `reserved`: it goes into a slot that was taken before. `lossless`: it merges or waits for room. `latest`: it takes the
 * place of the queued one with the same key. `bestEffort`: it merges up to a byte budget, else it is dropped and counted.
 */
export type DeliveryClass = 'reserved' | 'lossless' | 'latest' | 'bestEffort';

/** Who gets a notification: the subscribers of its thread, every initialised connection, or the one that it concerns. */
export type NotificationScope = 'thread' | 'everyone' | 'connection';

/** How two deltas become one: those that agree in all `item` fields are joined by concatenating the `text` field. */
export interface MergeRule {
  readonly item: readonly string[];
  readonly text: string;
}

/** One notification that the server sends. */
export type ServerNotificationRow = {
  readonly params: z.ZodType;
  readonly scope: NotificationScope;
  /** True when only connections with the capability `experimentalApi` get it. */
  readonly experimental?: true;
} & (
  | { readonly delivery: 'reserved' }
  | { readonly delivery: 'lossless'; readonly merge?: MergeRule }
  /** `key`: the fields of the params that tell one state from another; none when there is only one. */
  | { readonly delivery: 'latest'; readonly key: readonly string[] }
  | { readonly delivery: 'bestEffort'; readonly merge?: MergeRule }
);

const BY_ITEM: MergeRule = { item: ['threadId', 'turnId', 'itemId'], text: 'delta' };
const BY_SUMMARY_PART: MergeRule = { item: [...BY_ITEM.item, 'summaryIndex'], text: 'delta' };
const BY_CONTENT_PART: MergeRule = { item: [...BY_ITEM.item, 'contentIndex'], text: 'delta' };

const rows = {
  error: { params: ErrorNotification, scope: 'thread', delivery: 'lossless' },
  warning: { params: WarningNotification, scope: 'thread', delivery: 'lossless' },
  configWarning: { params: ConfigWarningNotification, scope: 'connection', delivery: 'lossless' },
  deprecationNotice: { params: DeprecationNoticeNotification, scope: 'connection', delivery: 'lossless' },
  'thread/started': { params: ThreadStartedNotification, scope: 'everyone', delivery: 'lossless' },
  'thread/status/changed': {
    params: ThreadStatusChangedNotification,
    scope: 'everyone',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/closed': {
    params: ThreadClosedNotification,
    scope: 'everyone',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/name/updated': {
    params: ThreadNameUpdatedNotification,
    scope: 'everyone',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/archived': {
    params: ThreadArchivedNotification,
    scope: 'everyone',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/unarchived': {
    params: ThreadArchivedNotification,
    scope: 'everyone',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/deleted': {
    params: ThreadArchivedNotification,
    scope: 'everyone',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/reverted': {
    params: ThreadRevertedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/section/changed': {
    params: ThreadSectionChangedNotification,
    scope: 'everyone',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/queue/changed': {
    params: ThreadQueueChangedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/goal/updated': {
    params: ThreadGoalUpdatedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/goal/cleared': {
    params: ThreadGoalClearedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/settings/updated': {
    params: ThreadSettingsUpdatedNotification,
    scope: 'thread',
    delivery: 'lossless',
  },
  'thread/tokenUsage/updated': {
    params: ThreadTokenUsageUpdatedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId'],
  },
  'thread/readState/changed': {
    params: ThreadReadStateChangedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId'],
  },
  'account/login/completed': {
    params: AccountLoginCompletedNotification,
    scope: 'everyone',
    delivery: 'lossless',
  },
  'account/updated': { params: AccountUpdatedNotification, scope: 'everyone', delivery: 'latest', key: [] },
  'skills/changed': { params: SkillsChangedNotification, scope: 'everyone', delivery: 'latest', key: [] },
  'account/rateLimits/updated': {
    params: AccountRateLimitsUpdatedNotification,
    scope: 'everyone',
    delivery: 'latest',
    key: [],
  },
  'remoteControl/status/changed': {
    params: RemoteControlStatusChangedNotification,
    scope: 'connection',
    delivery: 'latest',
    key: [],
  },
  'turn/started': { params: TurnNotification, scope: 'thread', delivery: 'lossless' },
  'turn/completed': { params: TurnNotification, scope: 'thread', delivery: 'reserved' },
  'turn/diff/updated': {
    params: TurnDiffUpdatedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId', 'turnId'],
  },
  'turn/plan/updated': {
    params: TurnPlanUpdatedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId', 'turnId'],
  },
  'item/started': { params: ItemStartedNotification, scope: 'thread', delivery: 'lossless' },
  'item/completed': { params: ItemCompletedNotification, scope: 'thread', delivery: 'lossless' },
  'item/agentMessage/delta': {
    params: ItemDeltaNotification,
    scope: 'thread',
    delivery: 'lossless',
    merge: BY_ITEM,
  },
  'item/plan/delta': { params: ItemDeltaNotification, scope: 'thread', delivery: 'lossless', merge: BY_ITEM },
  'item/reasoning/summaryPartAdded': {
    params: ReasoningSummaryPartAddedNotification,
    scope: 'thread',
    delivery: 'lossless',
  },
  'item/reasoning/summaryTextDelta': {
    params: ReasoningSummaryTextDeltaNotification,
    scope: 'thread',
    delivery: 'lossless',
    merge: BY_SUMMARY_PART,
  },
  'item/reasoning/textDelta': {
    params: ReasoningTextDeltaNotification,
    scope: 'thread',
    delivery: 'lossless',
    merge: BY_CONTENT_PART,
  },
  'item/commandExecution/outputDelta': {
    params: ItemDeltaNotification,
    scope: 'thread',
    delivery: 'bestEffort',
    merge: BY_ITEM,
  },
  'item/commandExecution/terminalInteraction': {
    params: TerminalInteractionNotification,
    scope: 'thread',
    delivery: 'lossless',
  },
  'item/fileChange/outputDelta': {
    params: ItemDeltaNotification,
    scope: 'thread',
    delivery: 'bestEffort',
    merge: BY_ITEM,
  },
  'item/fileChange/patchUpdated': {
    params: FileChangePatchUpdatedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId', 'itemId'],
  },
  'item/mcpToolCall/progress': {
    params: McpToolCallProgressNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId', 'itemId'],
  },
  'mcpServer/startupStatus/updated': {
    params: McpServerStatusUpdatedNotification,
    scope: 'thread',
    delivery: 'latest',
    key: ['threadId', 'name'],
  },
  'serverRequest/resolved': {
    params: ServerRequestResolvedNotification,
    scope: 'thread',
    delivery: 'reserved',
  },
  'fs/changed': { params: FsChangedNotification, scope: 'connection', delivery: 'lossless' },
  'fuzzyFileSearch/sessionUpdated': {
    params: FuzzyFileSearchSessionUpdatedNotification,
    scope: 'connection',
    delivery: 'latest',
    key: ['sessionId'],
  },
  'fuzzyFileSearch/sessionCompleted': {
    params: FuzzyFileSearchSessionCompletedNotification,
    scope: 'connection',
    delivery: 'latest',
    key: ['sessionId'],
  },
  'command/exec/outputDelta': {
    params: CommandExecOutputDeltaNotification,
    scope: 'connection',
    delivery: 'lossless',
  },
  'process/outputDelta': {
    params: ProcessOutputDeltaNotification,
    scope: 'connection',
    delivery: 'lossless',
    experimental: true,
  },
  'process/exited': {
    params: ProcessExitedNotification,
    scope: 'connection',
    delivery: 'reserved',
    experimental: true,
  },
} as const satisfies Readonly<Record<string, ServerNotificationRow>>;

type Rows = typeof rows;

/**
 * Every notification that the server sends, and the only place that says how each is delivered. One without a class does not
 * compile.
 */
export const SERVER_NOTIFICATIONS: {
  readonly [M in keyof Rows]: ServerNotificationRow & Pick<Rows[M], 'params'>;
} = rows;

/** A notification that the server sends. */
export type NotificationMethod = keyof Rows;

/** Params of a notification. */
export type NotificationParams<M extends NotificationMethod> = DeepReadonly<z.output<Rows[M]['params']>>;

/** Any notification of the server, as it stands on the wire. */
export type ServerNotification = {
  [M in NotificationMethod]: {
    readonly method: M;
    readonly params: NotificationParams<M>;
    /** Unix time in milliseconds at which it was sent; the same for every receiver. */
    readonly emittedAtMs: number;
  };
}[NotificationMethod];

/** Whether a method is a notification that the server sends. */
export function isNotificationMethod(method: string): method is NotificationMethod {
  return Object.hasOwn(SERVER_NOTIFICATIONS, method);
}
