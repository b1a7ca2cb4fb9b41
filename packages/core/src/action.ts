import type { Host } from './agent-ports.js';
import type { PlannedPatch } from './patch-plan.js';
import type { GivenPermissions } from './permission-grants.js';
import type { SandboxRules, SpawnRequest } from './ports.js';

/** A command, with everything that decides what it does. */
export interface CommandAction extends Pick<SpawnRequest, 'argv' | 'cwd' | 'env'> {
  readonly type: 'command';
  /** Null without a sandbox. */
  readonly sandbox: SandboxRules | null;
}

/** What somebody is asked to allow, exactly. Whatever part of it changes makes it another action (AP-3). */
export type Action =
  | CommandAction
  | { readonly type: 'fileChange'; readonly edits: PlannedPatch['edits'] }
  | { readonly type: 'permissions'; readonly cwd: string; readonly permissions: GivenPermissions };

/** SHA-256 of an action in lower-case hex: equal for equal actions only, whatever order variables and roots stand in. */
export function actionDigest(action: Action, { sha256 }: Pick<Host, 'sha256'>): string {
  return sha256(new TextEncoder().encode(JSON.stringify(canonical(action, sha256))));
}

function canonical(action: Action, sha256: Host['sha256']): unknown {
  switch (action.type) {
    case 'command': {
      const { argv, cwd, env, sandbox } = action;
      const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
      const walls =
        sandbox === null ? null : [[...new Set(sandbox.writableRoots)].sort(), sandbox.networkAccess];
      return [action.type, argv, cwd, variables, walls];
    }
    case 'fileChange': {
      const digestOf = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : sha256(bytes));
      const edits = action.edits.map(({ realPath, before, after }) => [
        realPath,
        digestOf(before),
        digestOf(after),
      ]);
      return [action.type, edits];
    }
    case 'permissions': {
      const { writableRoots, readableRoots, networkAccess } = action.permissions;
      return [action.type, action.cwd, writableRoots, readableRoots, networkAccess];
    }
  }
}
