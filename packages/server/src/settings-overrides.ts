import type { Settings } from '@millrace/core';
import type { CollaborationMode, ParsedParams, SandboxMode, SandboxPolicy } from '@millrace/protocol';
import type { RequestContext } from './request-context.js';
import { invalidRequest } from './rpc-error.js';
import { sandboxPolicyOf } from './start-settings.js';

/** The built-in permission profiles, each of which is a sandbox with a name. */
const PROFILES: Readonly<Record<string, SandboxMode>> = {
  ':read-only': 'read-only',
  ':workspace': 'workspace-write',
  ':danger-full-access': 'danger-full-access',
};

/** What a client may change for the turns to come. */
type OverrideParams = Pick<
  ParsedParams<'thread/settings/update'>,
  | 'model'
  | 'effort'
  | 'summary'
  | 'approvalPolicy'
  | 'sandboxPolicy'
  | 'permissions'
  | 'cwd'
  | 'collaborationMode'
>;

/**
 * The fields of the settings that the client gave; null counts as not given.
 *
 * @throws {RpcError} `invalidRequest` for a sandbox together with a profile, or a profile that nobody knows.
 */
export function settingsOverrides(
  params: OverrideParams,
  current: Settings,
  { services }: RequestContext,
): Partial<Settings> {
  const { model, effort, summary, approvalPolicy, sandboxPolicy, permissions, cwd, collaborationMode } =
    params;
  if (permissions != null && sandboxPolicy != null)
    throw invalidRequest('`permissions` cannot be combined with `sandboxPolicy`');
  return {
    ...(model == null ? {} : { model }),
    ...(effort == null ? {} : { effort }),
    ...(summary == null ? {} : { summary }),
    ...(approvalPolicy == null ? {} : { approvalPolicy }),
    ...(sandboxPolicy == null ? {} : { sandboxPolicy, permissionProfile: null }),
    ...(permissions == null ? {} : profileSettings(permissions, current.sandboxPolicy)),
    ...(cwd == null ? {} : { cwd: services.identity.resolvePath(cwd) }),
    ...(collaborationMode == null ? {} : modeOverrides(collaborationMode)),
  };
}

function profileSettings(
  id: string,
  current: SandboxPolicy,
): Pick<Settings, 'sandboxPolicy' | 'permissionProfile'> {
  const mode = Object.hasOwn(PROFILES, id) ? PROFILES[id] : undefined;
  if (mode === undefined) {
    throw invalidRequest(
      'failed to load configuration: default_permissions requires a `[permissions]` table',
    );
  }
  return { sandboxPolicy: sandboxPolicyOf(mode, current), permissionProfile: id };
}

/** A mode brings its own model, effort and instructions, over whatever else the request says. */
function modeOverrides({ mode, settings }: CollaborationMode): Partial<Settings> {
  const { model, reasoning_effort, developer_instructions } = settings;
  return {
    mode,
    model,
    effort: reasoning_effort ?? null,
    modeInstructions: developer_instructions ?? null,
  };
}
