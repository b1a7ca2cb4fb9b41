import type { z } from 'zod';
import {
  GetAccountParams,
  GetAccountRateLimitsParams,
  GetAccountRateLimitsResponse,
  GetAccountResponse,
  GetAuthStatusParams,
  GetAuthStatusResponse,
} from './account.js';
import {
  BackgroundTerminalsCleanParams,
  BackgroundTerminalsCleanResponse,
  BackgroundTerminalsListParams,
  BackgroundTerminalsListResponse,
} from './background-terminals.js';
import {
  CollaborationModeListParams,
  CollaborationModeListResponse,
  ExperimentalFeatureListParams,
  ExperimentalFeatureListResponse,
  HooksListParams,
  HooksListResponse,
  ListMcpServerStatusParams,
  ListMcpServerStatusResponse,
  ModelProviderCapabilitiesReadParams,
  ModelProviderCapabilitiesReadResponse,
  PermissionProfileListParams,
  PermissionProfileListResponse,
  PluginInstalledParams,
  PluginInstalledResponse,
  SkillsListParams,
  SkillsListResponse,
} from './catalogues.js';
import {
  CommandExecParams,
  CommandExecResizeParams,
  CommandExecResizeResponse,
  CommandExecResponse,
  CommandExecTerminateParams,
  CommandExecTerminateResponse,
  CommandExecWriteParams,
  CommandExecWriteResponse,
} from './command-exec.js';
import {
  ConfigReadParams,
  ConfigReadResponse,
  ConfigRequirementsReadParams,
  ConfigRequirementsReadResponse,
} from './config.js';
import {
  FsCopyParams,
  FsCopyResponse,
  FsCreateDirectoryParams,
  FsCreateDirectoryResponse,
  FsGetMetadataParams,
  FsGetMetadataResponse,
  FsReadDirectoryParams,
  FsReadDirectoryResponse,
  FsReadFileParams,
  FsReadFileResponse,
  FsRemoveParams,
  FsRemoveResponse,
  FsUnwatchParams,
  FsUnwatchResponse,
  FsWatchParams,
  FsWatchResponse,
  FsWriteFileParams,
  FsWriteFileResponse,
} from './fs-requests.js';
import { InitializeParams, InitializeResponse } from './initialize.js';
import type { RequestId } from './message.js';
import { ModelListParams, ModelListResponse } from './model.js';
import {
  ProcessKillParams,
  ProcessKillResponse,
  ProcessResizePtyParams,
  ProcessResizePtyResponse,
  ProcessSpawnParams,
  ProcessSpawnResponse,
  ProcessWriteStdinParams,
  ProcessWriteStdinResponse,
} from './process-requests.js';
import type { SerializationKey } from './serialization-key.js';
import { ThreadListParams, ThreadListResponse } from './thread-list.js';
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
import type { DeepReadonly } from './wire.js';

/** One request that clients make. */
export interface ClientRequestRow {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  /** Which requests it waits for; absent for those that run at once. */
  readonly key?: SerializationKey;
  /** True when absent or null params count as `{}`. */
  readonly paramsOptional?: true;
  /** True when the method needs the capability `experimentalApi`. */
  readonly experimental?: true;
  /** How error texts call the params, where that does not follow from the method. */
  readonly struct?: string;
  /** Fields of the params that need the capability `experimentalApi`. */
  readonly experimentalFields?: readonly string[];
}

const THREAD = { type: 'thread' } as const;
const WATCH = { type: 'connection', name: 'watch', field: 'watchId' } as const;
const READS_CONFIG = { type: 'global', name: 'config', shared: true } as const;

const rows = {
  initialize: { params: InitializeParams, result: InitializeResponse },
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
  'thread/list': { params: ThreadListParams, result: ThreadListResponse },
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
  'model/list': { params: ModelListParams, result: ModelListResponse },
  'config/read': { params: ConfigReadParams, result: ConfigReadResponse, key: READS_CONFIG },
  'configRequirements/read': {
    params: ConfigRequirementsReadParams,
    result: ConfigRequirementsReadResponse,
    key: READS_CONFIG,
    paramsOptional: true,
  },
  'collaborationMode/list': { params: CollaborationModeListParams, result: CollaborationModeListResponse },
  'skills/list': { params: SkillsListParams, result: SkillsListResponse, key: READS_CONFIG },
  'hooks/list': { params: HooksListParams, result: HooksListResponse, key: READS_CONFIG },
  'plugin/installed': { params: PluginInstalledParams, result: PluginInstalledResponse },
  'mcpServerStatus/list': {
    params: ListMcpServerStatusParams,
    result: ListMcpServerStatusResponse,
    struct: 'ListMcpServerStatusParams',
  },
  'experimentalFeature/list': {
    params: ExperimentalFeatureListParams,
    result: ExperimentalFeatureListResponse,
    key: READS_CONFIG,
  },
  'permissionProfile/list': {
    params: PermissionProfileListParams,
    result: PermissionProfileListResponse,
    key: READS_CONFIG,
  },
  'modelProvider/capabilities/read': {
    params: ModelProviderCapabilitiesReadParams,
    result: ModelProviderCapabilitiesReadResponse,
  },
  'account/read': { params: GetAccountParams, result: GetAccountResponse, struct: 'GetAccountParams' },
  getAuthStatus: { params: GetAuthStatusParams, result: GetAuthStatusResponse },
  'account/rateLimits/read': {
    params: GetAccountRateLimitsParams,
    result: GetAccountRateLimitsResponse,
    paramsOptional: true,
    struct: 'GetAccountRateLimitsParams',
  },
  'fs/readFile': { params: FsReadFileParams, result: FsReadFileResponse },
  'fs/writeFile': { params: FsWriteFileParams, result: FsWriteFileResponse },
  'fs/createDirectory': { params: FsCreateDirectoryParams, result: FsCreateDirectoryResponse },
  'fs/getMetadata': { params: FsGetMetadataParams, result: FsGetMetadataResponse },
  'fs/readDirectory': { params: FsReadDirectoryParams, result: FsReadDirectoryResponse },
  'fs/remove': { params: FsRemoveParams, result: FsRemoveResponse },
  'fs/copy': { params: FsCopyParams, result: FsCopyResponse },
  'fs/watch': { params: FsWatchParams, result: FsWatchResponse, key: WATCH },
  'fs/unwatch': { params: FsUnwatchParams, result: FsUnwatchResponse, key: WATCH },
  // Nothing of a process waits for a key: whoever ends it must not stand behind a write that it does not read.
  'command/exec': { params: CommandExecParams, result: CommandExecResponse },
  'command/exec/write': { params: CommandExecWriteParams, result: CommandExecWriteResponse },
  'command/exec/resize': { params: CommandExecResizeParams, result: CommandExecResizeResponse },
  'command/exec/terminate': { params: CommandExecTerminateParams, result: CommandExecTerminateResponse },
  'process/spawn': { params: ProcessSpawnParams, result: ProcessSpawnResponse },
  'process/writeStdin': { params: ProcessWriteStdinParams, result: ProcessWriteStdinResponse },
  'process/resizePty': { params: ProcessResizePtyParams, result: ProcessResizePtyResponse },
  'process/kill': { params: ProcessKillParams, result: ProcessKillResponse },
} as const satisfies Readonly<Record<string, ClientRequestRow>>;

type Rows = typeof rows;

/** Every request that this server answers. A method that stands in `ALL_METHODS` only is known but not served. */
export const CLIENT_REQUESTS: {
  readonly [M in keyof Rows]: ClientRequestRow & Pick<Rows[M], 'params' | 'result'>;
} = rows;

/** A method that this server answers. */
export type ClientRequestMethod = keyof Rows;

/** Params of a request as a caller gives them: fields with defaults may be absent. */
export type RequestParams<M extends ClientRequestMethod> = DeepReadonly<z.input<Rows[M]['params']>>;

/** Params of a request as its handler gets them. */
export type ParsedParams<M extends ClientRequestMethod> = DeepReadonly<z.output<Rows[M]['params']>>;

/** Result of a request. */
export type RequestResult<M extends ClientRequestMethod> = DeepReadonly<z.output<Rows[M]['result']>>;

/** Any request of a client. */
export type ClientRequest = {
  [M in ClientRequestMethod]: {
    readonly method: M;
    readonly id: RequestId;
    readonly params: RequestParams<M>;
  };
}[ClientRequestMethod];

/** Whether this server answers a method. */
export function isClientRequestMethod(method: string): method is ClientRequestMethod {
  return Object.hasOwn(CLIENT_REQUESTS, method);
}
