import type { Settings } from '@millrace/core';
import type { SandboxPolicy } from '@millrace/protocol';
import type { EffectiveConfig } from '@millrace/store';

/** What a thread starts with where its client says nothing else. */
export function threadDefaults(
  config: EffectiveConfig,
  base: Pick<Settings, 'model' | 'modelProvider' | 'cwd'>,
): Settings {
  return {
    ...base,
    approvalPolicy: config.approvalPolicy ?? 'on-request',
    sandboxPolicy: sandboxPolicy(config),
    permissionProfile: config.sandboxMode === null ? ':read-only' : null,
    effort: config.modelReasoningEffort,
    summary: config.modelReasoningSummary,
    baseInstructions: null,
    developerInstructions: config.developerInstructions,
    mode: 'default',
    modeInstructions: null,
  };
}

function sandboxPolicy({ sandboxMode, sandboxWorkspaceWrite }: EffectiveConfig): SandboxPolicy {
  const { writableRoots, networkAccess } = sandboxWorkspaceWrite;
  switch (sandboxMode) {
    case 'danger-full-access':
      return { type: 'dangerFullAccess' };
    case 'workspace-write':
      return {
        type: 'workspaceWrite',
        writableRoots,
        networkAccess,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      };
    case 'read-only':
    case null:
      return { type: 'readOnly', networkAccess: false };
  }
}
