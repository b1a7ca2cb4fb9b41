import type { PermissionProfile, PermissionsRequestApprovalResponse } from '@millrace/protocol';
import { absolutePath, isWithin } from '../absolute-path.js';
import type { AgentPorts } from '../agent-ports.js';
import { canAskPermissions } from '../command-policy.js';
import { type GivenPermissions, intersect, NO_PERMISSIONS } from '../permission-grants.js';
import type { TurnContext } from '../turn-context.js';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

/** Paths of one call; more than a person looks through. */
const MAX_PATHS = 32;

export const requestPermissions: Tool = {
  spec: {
    type: 'function',
    name: 'request_permissions',
    description:
      'Asks the user for rights that the sandbox does not give: directories to write to, or network access. Returns what was granted, which counts for commands and patches that start after it.',
    parameters: {
      type: 'object',
      properties: {
        reason: { type: 'string', description: 'One sentence for the user.' },
        permissions: {
          type: 'object',
          properties: {
            network: { type: 'object', properties: { enabled: { type: 'boolean' } } },
            file_system: {
              type: 'object',
              properties: {
                read: { type: 'array', items: { type: 'string' } },
                write: { type: 'array', items: { type: 'string' } },
              },
            },
          },
        },
      },
      required: ['permissions'],
      additionalProperties: false,
    },
  },
  isEnabled: ({ features }) => features.requestPermissions,
  run: async (call, context) => {
    const parsed = parseArguments(call.input, { 'reason?': 'string', permissions: 'object' });
    if (parsed.type === 'invalid') return parsed.text;
    const { reason, permissions } = parsed.value;
    const asked = await readAsked(permissions, context);
    if (typeof asked === 'string') return `failed to parse function arguments: ${asked}`;
    if (!canAskPermissions(context.settings.approvalPolicy)) return resultText(NO_PERMISSIONS, 'turn');
    const answer = await ask(asked, { itemId: call.callId, reason: reason ?? null }, context);
    if (context.signal.aborted) throw context.signal.reason;
    if (answer === undefined) return resultText(NO_PERMISSIONS, 'turn');
    const granted = intersect(asked, await resolved(toGiven(answer.permissions), context.ports));
    const { scope } = answer;
    context.approvals.permissions.grant(granted, scope === 'session' ? scope : { turnId: context.turnId });
    return resultText(granted, scope);
  },
};

async function ask(
  asked: GivenPermissions,
  { itemId, reason }: { readonly itemId: string; readonly reason: string | null },
  { threadId, turnId, settings, status, approvals, output, signal }: TurnContext,
): Promise<PermissionsRequestApprovalResponse | undefined> {
  const { cwd } = settings;
  const stopWaiting = status.wait('waitingOnApproval');
  const params = {
    threadId,
    turnId,
    itemId,
    environmentId: 'local',
    startedAtMs: output.now(),
    cwd,
    reason,
    permissions: toProfile(asked),
  };
  const method = 'item/permissions/requestApproval';
  const action = { type: 'permissions' as const, cwd, permissions: asked };
  const answer = await approvals.askPermissions({ method, params, action }, signal);
  stopWaiting();
  return answer;
}

/** What the model asks for, or what is wrong with it. */
async function readAsked(
  raw: Readonly<Record<string, unknown>>,
  { settings, ports }: TurnContext,
): Promise<GivenPermissions | string> {
  const network = (raw.network ?? {}) as { readonly enabled?: unknown };
  const files = (raw.file_system ?? {}) as { readonly read?: unknown; readonly write?: unknown };
  const [read, write] = [files.read ?? [], files.write ?? []];
  if (!isPathList(read) || !isPathList(write))
    return `\`read\` and \`write\` are lists of at most ${MAX_PATHS} paths`;
  const toAbsolute = (path: string): string => absolutePath(settings.cwd, path);
  const asked = {
    writableRoots: write.map(toAbsolute),
    readableRoots: read.map(toAbsolute),
    networkAccess: network.enabled === true,
  };
  if (write.length === 0 && read.length === 0 && !asked.networkAccess) return 'nothing is asked for';
  return resolved(asked, ports);
}

function isPathList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_PATHS &&
    value.every((path) => typeof path === 'string' && path !== '')
  );
}

/** With symbolic links followed now: where a link leads later is nobody's grant. */
async function resolved(given: GivenPermissions, { files }: AgentPorts): Promise<GivenPermissions> {
  const follow = (paths: readonly string[]): Promise<string[]> =>
    Promise.all(paths.map((path) => files.resolvePath(path)));
  return {
    writableRoots: await follow(given.writableRoots),
    readableRoots: await follow(given.readableRoots),
    networkAccess: given.networkAccess,
  };
}

function toProfile({ writableRoots, readableRoots, networkAccess }: GivenPermissions): PermissionProfile {
  const entries = (access: 'read' | 'write', paths: readonly string[]) =>
    paths.map((path) => ({ access, path: { type: 'path' as const, path } }));
  const hasFiles = writableRoots.length + readableRoots.length > 0;
  return {
    network: networkAccess ? { enabled: true } : null,
    fileSystem: hasFiles
      ? {
          read: [...readableRoots],
          write: [...writableRoots],
          entries: [...entries('read', readableRoots), ...entries('write', writableRoots)],
        }
      : null,
  };
}

/** The answer's rights. What is denied in it, or lies around or in what is, is not granted; patterns grant nothing. */
function toGiven({ network, fileSystem }: PermissionProfile): GivenPermissions {
  const entries = (fileSystem?.entries ?? []).flatMap(({ access, path }) =>
    path.type === 'path' ? [{ access, path: path.path }] : [],
  );
  const denied = entries.filter(({ access }) => access === 'deny').map(({ path }) => path);
  const allowed = (access: 'read' | 'write', more: readonly string[] | null | undefined): string[] =>
    [...entries.filter((entry) => entry.access === access).map(({ path }) => path), ...(more ?? [])].filter(
      (path) =>
        path.startsWith('/') && !denied.some((other) => isWithin(path, other) || isWithin(other, path)),
    );
  return {
    writableRoots: allowed('write', fileSystem?.write),
    readableRoots: allowed('read', fileSystem?.read),
    networkAccess: network?.enabled === true,
  };
}

function resultText(granted: GivenPermissions, scope: 'turn' | 'session'): string {
  const { writableRoots: write, readableRoots: read, networkAccess } = granted;
  const permissions = {
    ...(networkAccess ? { network: { enabled: true } } : {}),
    ...(write.length + read.length > 0 ? { file_system: { read, write } } : {}),
  };
  return JSON.stringify({ permissions, scope });
}
