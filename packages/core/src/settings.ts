import type {
  ApprovalPolicy,
  ReasoningEffort,
  ReasoningSummary,
  SandboxPolicy,
  ThreadSettings,
} from '@millrace/protocol';
import { modeInstructions } from './mode-context.js';
import type { SandboxRules } from './ports.js';

/** What a thread runs with. Turn overrides replace fields and stay for later turns. */
export interface Settings {
  /** Absolute. */
  readonly cwd: string;
  readonly model: string;
  readonly modelProvider: string;
  readonly approvalPolicy: ApprovalPolicy;
  readonly sandboxPolicy: SandboxPolicy;
  /** The named permission profile in force; null when a client or the configuration chose a sandbox itself. */
  readonly permissionProfile: string | null;
  readonly effort: ReasoningEffort | null;
  /** Null leaves it to the provider. */
  readonly summary: ReasoningSummary | null;
  readonly baseInstructions: string | null;
  readonly developerInstructions: string | null;
  /** `plan` makes the model propose before it acts; `default` is everything else. */
  readonly mode: 'default' | 'plan';
  /** What the client wants the model to be told of the mode; null for what Millrace says of it. */
  readonly modeInstructions: string | null;
}

/** The settings with the given overrides; the same object when nothing changes, so that callers can compare. */
export function override(settings: Settings, overrides: Partial<Settings>): Settings {
  const changed = Object.entries(overrides).some(
    ([key, value]) => value !== undefined && !isSame(settings[key as keyof Settings], value),
  );
  return changed ? { ...settings, ...overrides } : settings;
}

function isSame(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  );
}

/** The same settings in the words of `thread/settings/updated`. */
export function describeSettings(settings: Settings): ThreadSettings {
  const { cwd, model } = settings;
  return {
    disabledPluginIds: [],
    cwd,
    environments: [{ environmentId: 'local', cwd, runtimeWorkspaceRoots: [cwd] }],
    approvalPolicy: settings.approvalPolicy,
    approvalsReviewer: 'user',
    sandboxPolicy: settings.sandboxPolicy,
    activePermissionProfile: activeProfile(settings),
    model,
    modelProvider: settings.modelProvider,
    serviceTier: null,
    effort: settings.effort,
    summary: settings.summary,
    collaborationMode: {
      mode: settings.mode,
      settings: {
        model,
        reasoning_effort: settings.effort,
        developer_instructions: modeInstructions(settings),
      },
    },
    multiAgentMode: 'explicitRequestOnly',
    personality: null,
  };
}

/** The permission profile in the form that clients are shown. */
export function activeProfile({
  permissionProfile,
}: Settings): { readonly id: string; readonly extends: null } | null {
  return permissionProfile === null ? null : { id: permissionProfile, extends: null };
}

/** The directories that tools may write without asking; null means everywhere. */
export function writableRoots(settings: Settings): readonly string[] | null {
  const policy = settings.sandboxPolicy;
  if (policy.type === 'readOnly') return [];
  if (policy.type === 'workspaceWrite') return [settings.cwd, ...policy.writableRoots];
  return null;
}

/** What the sandbox must enforce for these settings; null where the policy asks for none. */
export function sandboxRules(settings: Settings): SandboxRules | null {
  const policy = settings.sandboxPolicy;
  const roots = writableRoots(settings);
  if (roots === null || policy.type === 'dangerFullAccess' || policy.type === 'externalSandbox') return null;
  return { writableRoots: roots, networkAccess: policy.networkAccess };
}
