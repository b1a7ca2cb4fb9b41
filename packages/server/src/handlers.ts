import type { ClientRequestMethod, ParsedParams, RequestResult } from '@millrace/protocol';
import { ACCOUNT_HANDLERS } from './account-handlers.js';
import { FILE_HANDLERS } from './file-handlers.js';
import { handleCommandExec } from './handlers/command-exec.js';
import { handleCommandExecResize } from './handlers/command-exec-resize.js';
import { handleCommandExecTerminate } from './handlers/command-exec-terminate.js';
import { handleCommandExecWrite } from './handlers/command-exec-write.js';
import { handleGitDiffToRemote } from './handlers/git-diff-to-remote.js';
import { handleInitialize } from './handlers/initialize.js';
import { handleProcessKill } from './handlers/process-kill.js';
import { handleProcessResizePty } from './handlers/process-resize-pty.js';
import { handleProcessSpawn } from './handlers/process-spawn.js';
import { handleProcessWriteStdin } from './handlers/process-write-stdin.js';
import type { ANSWERED_LATER, RequestContext } from './request-context.js';
import { SETTINGS_HANDLERS } from './settings-handlers.js';
import { STORED_THREAD_HANDLERS } from './stored-thread-handlers.js';
import { THREAD_HANDLERS } from './thread-handlers.js';
import { TURN_WORK_HANDLERS } from './turn-work-handlers.js';

/**
 * Serves one method. Returns the result, or a promise of it, or says that it answers later; throws `RpcError` for what the peer
 * should be told.
 */
export type Handler<M extends ClientRequestMethod> = (
  params: ParsedParams<M>,
  context: RequestContext,
) => Answer<M> | Promise<Answer<M>>;

type Answer<M extends ClientRequestMethod> = RequestResult<M> | typeof ANSWERED_LATER;

/** A handler seen without its own types. */
export type AnyHandler = (params: unknown, context: RequestContext) => unknown;

/** One handler a method: a method without one does not compile. */
export const HANDLERS: { readonly [M in ClientRequestMethod]: Handler<M> } = {
  initialize: handleInitialize,
  ...THREAD_HANDLERS,
  ...STORED_THREAD_HANDLERS,
  ...SETTINGS_HANDLERS,
  ...ACCOUNT_HANDLERS,
  ...FILE_HANDLERS,
  ...TURN_WORK_HANDLERS,
  'command/exec': handleCommandExec,
  'command/exec/write': handleCommandExecWrite,
  'command/exec/resize': handleCommandExecResize,
  'command/exec/terminate': handleCommandExecTerminate,
  gitDiffToRemote: handleGitDiffToRemote,
  'process/spawn': handleProcessSpawn,
  'process/writeStdin': handleProcessWriteStdin,
  'process/resizePty': handleProcessResizePty,
  'process/kill': handleProcessKill,
};
