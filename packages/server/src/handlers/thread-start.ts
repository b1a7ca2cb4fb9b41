import type { Settings } from '@millrace/core';
import type { ParsedParams, SandboxMode, SandboxPolicy, ThreadStartResponse } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { invalidRequest, overloaded, RpcError } from '../rpc-error.js';
import type { Services } from '../services.js';
import { threadStartResponse } from '../thread-start-response.js';

/** Handles `thread/start`: begins a thread and subscribes the connection; everybody is told after the answer. */
export const handleThreadStart: Handler<'thread/start'> = (params, context): ThreadStartResponse => {
  const { services, connection } = context;
  const settings = startSettings(params, services);
  const thread = services.threads.start({
    settings,
    features: services.configuration.features(settings.modelProvider),
    isEphemeral: params.ephemeral === true,
    originator: connection.session?.clientName ?? '',
    source: services.identity.sessionSource,
  });
  if (thread === 'full') throw overloaded('loaded threads');
  if (thread === 'closed') throw new RpcError('internal', 'the server is shutting down');
  services.router.subscribe(connection, thread.threadId);
  const view = thread.view();
  context.afterwards(() => services.router.emit(thread.threadId, 'thread/started', { thread: view }));
  return threadStartResponse(thread, view);
};

function startSettings(params: ParsedParams<'thread/start'>, { configuration, identity }: Services): Settings {
  const { defaults } = configuration;
  const modelProvider = params.modelProvider ?? defaults.modelProvider;
  if (!configuration.hasProvider(modelProvider)) {
    throw invalidRequest(`failed to load configuration: Model provider \`${modelProvider}\` not found`);
  }
  return {
    ...defaults,
    cwd: typeof params.cwd === 'string' ? identity.resolvePath(params.cwd) : defaults.cwd,
    model: params.model ?? defaults.model,
    modelProvider,
    approvalPolicy: params.approvalPolicy ?? defaults.approvalPolicy,
    sandboxPolicy: params.sandbox ? toPolicy(params.sandbox, defaults.sandboxPolicy) : defaults.sandboxPolicy,
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
      return { type: 'workspaceWrite', writableRoots: [], networkAccess: false, excludeTmpdirEnvVar: false, excludeSlashTmp: false };
  }
}
