import type { ClientRequestMethod, ParsedParams, RequestResult } from '@millrace/protocol';
import { handleAccountRateLimitsRead } from './handlers/account-rate-limits-read.js';
import { handleAccountRead } from './handlers/account-read.js';
import { handleCollaborationModeList } from './handlers/collaboration-mode-list.js';
import { handleCommandExec } from './handlers/command-exec.js';
import { handleCommandExecResize } from './handlers/command-exec-resize.js';
import { handleCommandExecTerminate } from './handlers/command-exec-terminate.js';
import { handleCommandExecWrite } from './handlers/command-exec-write.js';
import { handleConfigRead } from './handlers/config-read.js';
import { handleConfigRequirementsRead } from './handlers/config-requirements-read.js';
import { handleExperimentalFeatureList } from './handlers/experimental-feature-list.js';
import { handleFsCopy } from './handlers/fs-copy.js';
import { handleFsCreateDirectory } from './handlers/fs-create-directory.js';
import { handleFsGetMetadata } from './handlers/fs-get-metadata.js';
import { handleFsReadDirectory } from './handlers/fs-read-directory.js';
import { handleFsReadFile } from './handlers/fs-read-file.js';
import { handleFsRemove } from './handlers/fs-remove.js';
import { handleFsUnwatch } from './handlers/fs-unwatch.js';
import { handleFsWatch } from './handlers/fs-watch.js';
import { handleFsWriteFile } from './handlers/fs-write-file.js';
import { handleGetAuthStatus } from './handlers/get-auth-status.js';
import { handleHooksList } from './handlers/hooks-list.js';
import { handleInitialize } from './handlers/initialize.js';
import { handleMcpServerStatusList } from './handlers/mcp-server-status-list.js';
import { handleModelList } from './handlers/model-list.js';
import { handleModelProviderCapabilitiesRead } from './handlers/model-provider-capabilities-read.js';
import { handlePermissionProfileList } from './handlers/permission-profile-list.js';
import { handlePluginInstalled } from './handlers/plugin-installed.js';
import { handleProcessKill } from './handlers/process-kill.js';
import { handleProcessResizePty } from './handlers/process-resize-pty.js';
import { handleProcessSpawn } from './handlers/process-spawn.js';
import { handleProcessWriteStdin } from './handlers/process-write-stdin.js';
import { handleSkillsList } from './handlers/skills-list.js';
import type { ANSWERED_LATER, RequestContext } from './request-context.js';
import { STORED_THREAD_HANDLERS } from './stored-thread-handlers.js';
import { THREAD_HANDLERS } from './thread-handlers.js';

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
  'model/list': handleModelList,
  'config/read': handleConfigRead,
  'configRequirements/read': handleConfigRequirementsRead,
  'collaborationMode/list': handleCollaborationModeList,
  'skills/list': handleSkillsList,
  'hooks/list': handleHooksList,
  'plugin/installed': handlePluginInstalled,
  'mcpServerStatus/list': handleMcpServerStatusList,
  'experimentalFeature/list': handleExperimentalFeatureList,
  'permissionProfile/list': handlePermissionProfileList,
  'modelProvider/capabilities/read': handleModelProviderCapabilitiesRead,
  'account/read': handleAccountRead,
  getAuthStatus: handleGetAuthStatus,
  'account/rateLimits/read': handleAccountRateLimitsRead,
  'fs/readFile': handleFsReadFile,
  'fs/writeFile': handleFsWriteFile,
  'fs/createDirectory': handleFsCreateDirectory,
  'fs/getMetadata': handleFsGetMetadata,
  'fs/readDirectory': handleFsReadDirectory,
  'fs/remove': handleFsRemove,
  'fs/copy': handleFsCopy,
  'fs/watch': handleFsWatch,
  'fs/unwatch': handleFsUnwatch,
  'command/exec': handleCommandExec,
  'command/exec/write': handleCommandExecWrite,
  'command/exec/resize': handleCommandExecResize,
  'command/exec/terminate': handleCommandExecTerminate,
  'process/spawn': handleProcessSpawn,
  'process/writeStdin': handleProcessWriteStdin,
  'process/resizePty': handleProcessResizePty,
  'process/kill': handleProcessKill,
};
