import {
  BackgroundTerminalsCleanParams,
  BackgroundTerminalsCleanResponse,
  BackgroundTerminalsListParams,
  BackgroundTerminalsListResponse,
  BackgroundTerminalsTerminateParams,
  BackgroundTerminalsTerminateResponse,
} from './background-terminals.js';
import type { ClientRequestRow } from './client-request-row.js';
import {
  ThreadEditResponse,
  ThreadInjectItemsParams,
  ThreadReadStateUpdateParams,
  ThreadReadStateUpdateResponse,
  ThreadRevertParams,
  ThreadRevertResponse,
  ThreadSettingsUpdateParams,
} from './thread-edits.js';
import {
  ThreadGoalClearParams,
  ThreadGoalClearResponse,
  ThreadGoalGetParams,
  ThreadGoalGetResponse,
  ThreadGoalSetParams,
  ThreadGoalSetResponse,
} from './thread-goal.js';
import {
  ThreadArchiveParams,
  ThreadArchiveResponse,
  ThreadSetNameParams,
  ThreadUnarchiveResponse,
} from './thread-management.js';
import {
  ThreadItemsListParams,
  ThreadItemsListResponse,
  ThreadTurnsListParams,
  ThreadTurnsListResponse,
} from './thread-pages.js';
import {
  ThreadQueueAddParams,
  ThreadQueueAddResponse,
  ThreadQueueDeleteParams,
  ThreadQueueDeleteResponse,
  ThreadQueueListParams,
  ThreadQueueListResponse,
  ThreadQueueReorderParams,
  ThreadQueueStartParams,
  ThreadQueueStartResponse,
  ThreadQueueUpdateParams,
} from './thread-queue.js';
import {
  ThreadForkParams,
  ThreadLoadedListParams,
  ThreadLoadedListResponse,
  ThreadReadParams,
  ThreadReadResponse,
  ThreadResumeParams,
  ThreadResumeResponse,
  ThreadStartParams,
  ThreadStartResponse,
  ThreadUnsubscribeParams,
  ThreadUnsubscribeResponse,
} from './thread-requests.js';
import {
  TurnInterruptParams,
  TurnInterruptResponse,
  TurnStartParams,
  TurnStartResponse,
  TurnSteerParams,
  TurnSteerResponse,
} from './turn.js';

const THREAD = { type: 'thread' } as const;

/** The rows of {@link CLIENT_REQUESTS} that are about threads and their turns. */
export const THREAD_REQUESTS = {
  'thread/start': {
    params: ThreadStartParams,
    result: ThreadStartResponse,
    experimentalFields: [
      'allowProviderModelFallback',
      'daybreakEnabled',
      'dynamicTools',
      'environments',
      'historyMode',
      'mockExperimentalField',
      'multiAgentMode',
      'permissions',
      'projectId',
      'runtimeWorkspaceRoots',
      'selectedCapabilityRoots',
    ],
  },
  'thread/resume': {
    params: ThreadResumeParams,
    result: ThreadResumeResponse,
    key: { type: 'threadOrPath' },
    experimentalFields: ['history', 'initialTurnsPage', 'path', 'permissions', 'runtimeWorkspaceRoots'],
  },
  'thread/fork': {
    params: ThreadForkParams,
    result: ThreadStartResponse,
    key: THREAD,
    experimentalFields: ['beforeTurnId', 'path', 'permissions', 'runtimeWorkspaceRoots'],
  },
  'thread/read': { params: ThreadReadParams, result: ThreadReadResponse, key: THREAD },
  'thread/loaded/list': { params: ThreadLoadedListParams, result: ThreadLoadedListResponse },
  'thread/turns/list': { params: ThreadTurnsListParams, result: ThreadTurnsListResponse, key: THREAD },
  'thread/items/list': { params: ThreadItemsListParams, result: ThreadItemsListResponse, key: THREAD },
  'thread/name/set': {
    params: ThreadSetNameParams,
    result: ThreadArchiveResponse,
    key: THREAD,
    struct: 'ThreadSetNameParams',
  },
  'thread/archive': { params: ThreadArchiveParams, result: ThreadArchiveResponse, key: THREAD },
  'thread/unarchive': { params: ThreadArchiveParams, result: ThreadUnarchiveResponse, key: THREAD },
  'thread/delete': { params: ThreadArchiveParams, result: ThreadArchiveResponse, key: THREAD },
  'thread/unsubscribe': { params: ThreadUnsubscribeParams, result: ThreadUnsubscribeResponse, key: THREAD },
  'thread/backgroundTerminals/list': {
    params: BackgroundTerminalsListParams,
    result: BackgroundTerminalsListResponse,
    key: THREAD,
  },
  'thread/backgroundTerminals/clean': {
    params: BackgroundTerminalsCleanParams,
    result: BackgroundTerminalsCleanResponse,
    key: THREAD,
  },
  'thread/backgroundTerminals/terminate': {
    params: BackgroundTerminalsTerminateParams,
    result: BackgroundTerminalsTerminateResponse,
    key: THREAD,
  },
  'thread/inject_items': { params: ThreadInjectItemsParams, result: ThreadEditResponse, key: THREAD },
  'thread/revert': { params: ThreadRevertParams, result: ThreadRevertResponse, key: THREAD },
  'thread/readState/update': {
    params: ThreadReadStateUpdateParams,
    result: ThreadReadStateUpdateResponse,
    key: THREAD,
  },
  'thread/settings/update': { params: ThreadSettingsUpdateParams, result: ThreadEditResponse, key: THREAD },
  'thread/goal/set': { params: ThreadGoalSetParams, result: ThreadGoalSetResponse, key: THREAD },
  'thread/goal/get': { params: ThreadGoalGetParams, result: ThreadGoalGetResponse, key: THREAD },
  'thread/goal/clear': { params: ThreadGoalClearParams, result: ThreadGoalClearResponse, key: THREAD },
  'thread/queue/add': { params: ThreadQueueAddParams, result: ThreadQueueAddResponse, key: THREAD },
  'thread/queue/list': { params: ThreadQueueListParams, result: ThreadQueueListResponse, key: THREAD },
  'thread/queue/update': { params: ThreadQueueUpdateParams, result: ThreadQueueAddResponse, key: THREAD },
  'thread/queue/delete': { params: ThreadQueueDeleteParams, result: ThreadQueueDeleteResponse, key: THREAD },
  'thread/queue/reorder': { params: ThreadQueueReorderParams, result: ThreadEditResponse, key: THREAD },
  'thread/queue/start': { params: ThreadQueueStartParams, result: ThreadQueueStartResponse, key: THREAD },
  'turn/start': {
    params: TurnStartParams,
    result: TurnStartResponse,
    key: THREAD,
    experimentalFields: [
      'additionalContext',
      'collaborationMode',
      'environments',
      'multiAgentMode',
      'permissions',
      'responsesapiClientMetadata',
      'responsesapiClientMetadataPatch',
      'runtimeWorkspaceRoots',
    ],
  },
  'turn/steer': {
    params: TurnSteerParams,
    result: TurnSteerResponse,
    key: THREAD,
    experimentalFields: [
      'additionalContext',
      'responsesapiClientMetadata',
      'responsesapiClientMetadataPatch',
    ],
  },
  'turn/interrupt': { params: TurnInterruptParams, result: TurnInterruptResponse, key: THREAD },
} as const satisfies Readonly<Record<string, ClientRequestRow>>;
