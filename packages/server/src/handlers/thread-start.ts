import type { Settings } from '@millrace/core';
import type { ParsedParams, SandboxMode, SandboxPolicy, ThreadStartResponse } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { invalidRequest, overloaded, RpcError } from '../rpc-error.js';
import type { Identity, ThreadConfiguration } from '../services.js';
import { threadStartResponse } from '../thread-start-response.js';

/** Handles `thread/start`: begins a thread and subscribes the connection; everybody is told after the answer. */
export const handleThreadStart: Handler<'thread/start'> = (params, context): ThreadStartResponse => {
  const { services, connection } = context;
  const { router, identity } = services;
  const configuration = services.configuration.forThread(params.config ?? {});
  if (typeof configuration === 'string')
    throw invalidRequest(`failed to load configuration: ${configuration}`);
  const settings = startSettings(params, configuration, identity);
  const thread = services.threads.start({
    settings,
    features: configuration.features(settings.modelProvider),
    isEphemeral: params.ephemeral === true,
    originator: connection.session?.clientName ?? '',
    source: identity.sessionSource,
  });
  if (thread === 'full') throw overloaded('loaded threads');
  if (thread === 'closed') throw new RpcError('internal', 'the server is shutting down');
  const { threadId } = thread;
  router.subscribe(connection, threadId);
  const view = thread.view();
  context.afterwards(() => {
    router.emit(threadId, 'thread/started', { thread: view });
    for (const message of configuration.warnings) router.emit(threadId, 'warning', { threadId, message });
  });
  return threadStartResponse(thread, view);
};

function startSettings(
  params: ParsedParams<'thread/start'>,
  configuration: ThreadConfiguration,
  identity: Identity,
): Settings {
  const { defaults, hasProvider } = configuration;
  const modelProvider = params.modelProvider ?? defaults.modelProvider;
  if (!hasProvider(modelProvider)) {
    throw invalidRequest(`failed to load configuration: Model provider \`${modelProvider}\` not found`);
  }
  const sandbox = params.sandbox
    ? { sandboxPolicy: toPolicy(params.sandbox, defaults.sandboxPolicy), permissionProfile: null }
    : {};
  return {
    ...defaults,
    ...sandbox,
    cwd: typeof params.cwd === 'string' ? identity.resolvePath(params.cwd) : defaults.cwd,
    model: params.model ?? defaults.model,
    modelProvider,
    approvalPolicy: params.approvalPolicy ?? defaults.approvalPolicy,
    baseInstructions: params.baseInstructions ?? defaults.baseInstructions,
    developerInstructions: params.developerInstructions ?? defaults.developerInstructions,
  };
}

/** The policy that a mode stands for; the configured one where that is of the same mode, because it says more. */
function toPolicy(mode: SandboxMode, configured: SandboxPolicy): SandboxPolicy {
  switch (mode) {
    case 'danger-full-access':
      return { type: 'dangerFullAccess' };
    case 'read-only':
      return configured.type === 'readOnly' ? configured : { type: 'readOnly', networkAccess: false };
    case 'workspace-write':
      if (configured.type === 'workspaceWrite') return configured;
      return {
        type: 'workspaceWrite',
        writableRoots: [],
        networkAccess: false,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      };
  }
}
