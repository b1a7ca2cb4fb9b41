import type { z } from 'zod';
import { ACCOUNT_REQUESTS } from './account-requests.js';
import type { ClientRequestRow } from './client-request-row.js';
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
import { FILE_REQUESTS } from './file-client-requests.js';
import { GitDiffToRemoteParams, GitDiffToRemoteResponse } from './git-diff.js';
import { InitializeParams, InitializeResponse } from './initialize.js';
import type { RequestId } from './message.js';
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
import { SETTINGS_REQUESTS } from './settings-requests.js';
import { STORED_THREAD_REQUESTS } from './stored-thread-requests.js';
import { THREAD_REQUESTS } from './thread-client-requests.js';
import { TURN_WORK_REQUESTS } from './turn-work-requests.js';
import type { DeepReadonly } from './wire.js';

const rows = {
  initialize: { params: InitializeParams, result: InitializeResponse },
  ...THREAD_REQUESTS,
  ...STORED_THREAD_REQUESTS,
  ...SETTINGS_REQUESTS,
  ...ACCOUNT_REQUESTS,
  ...FILE_REQUESTS,
  ...TURN_WORK_REQUESTS,
  // Nothing of a process waits for a key: whoever ends it must not stand behind a write that it does not read.
  'command/exec': { params: CommandExecParams, result: CommandExecResponse },
  'command/exec/write': { params: CommandExecWriteParams, result: CommandExecWriteResponse },
  'command/exec/resize': { params: CommandExecResizeParams, result: CommandExecResizeResponse },
  'command/exec/terminate': { params: CommandExecTerminateParams, result: CommandExecTerminateResponse },
  'process/spawn': { params: ProcessSpawnParams, result: ProcessSpawnResponse },
  'process/writeStdin': { params: ProcessWriteStdinParams, result: ProcessWriteStdinResponse },
  'process/resizePty': { params: ProcessResizePtyParams, result: ProcessResizePtyResponse },
  gitDiffToRemote: { params: GitDiffToRemoteParams, result: GitDiffToRemoteResponse },
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
