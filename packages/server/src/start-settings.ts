import type { Settings } from '@millrace/core';
import type { ParsedParams, SandboxMode, SandboxPolicy } from '@millrace/protocol';
import { invalidRequest } from './rpc-error.js';
import type { Identity, ThreadConfiguration } from './services.js';

/** What a client may choose when it begins, resumes or forks a thread. */
export type SettingsParams = Pick<
  ParsedParams<'thread/start'>,
  | 'model'
  | 'modelProvider'
  | 'cwd'
  | 'approvalPolicy'
  | 'sandbox'
  | 'baseInstructions'
  | 'developerInstructions'
>;

/**
 * What a thread goes on with: what the client chose, else the defaults, which are those of the configuration or what the thread
 * had before.
 *
 * @throws {RpcError} `invalidRequest` for a provider that is not configured.
 */
export function startSettings(
  params: SettingsParams,
  { hasProvider }: ThreadConfiguration,
  defaults: Settings,
  identity: Identity,
): Settings {
  const modelProvider = params.modelProvider ?? defaults.modelProvider;
  if (!hasProvider(modelProvider)) {
    throw invalidRequest(`failed to load configuration: Model provider \`${modelProvider}\` not found`);
  }
  const sandbox = params.sandbox
    ? { sandboxPolicy: sandboxPolicyOf(params.sandbox, defaults.sandboxPolicy), permissionProfile: null }
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
export function sandboxPolicyOf(mode: SandboxMode, configured: SandboxPolicy): SandboxPolicy {
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
