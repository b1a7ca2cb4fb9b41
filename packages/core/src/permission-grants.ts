import { LIMITS } from '@millrace/protocol';
import { isWithin } from './absolute-path.js';
import type { SandboxRules } from './ports.js';

/** Rights beyond those of the thread's sandbox. Paths are absolute, with symbolic links resolved. */
export interface GivenPermissions {
  readonly writableRoots: readonly string[];
  /** Reading is allowed everywhere already, so these change nothing; the model is told of them all the same. */
  readonly readableRoots: readonly string[];
  readonly networkAccess: boolean;
}

export const NO_PERMISSIONS: GivenPermissions = {
  writableRoots: [],
  readableRoots: [],
  networkAccess: false,
};

/** The rights that were granted to a thread: for the rest of a turn, or as long as the thread is loaded. */
export class PermissionGrants {
  #session = NO_PERMISSIONS;
  #turn: { readonly turnId: string; readonly permissions: GivenPermissions } | undefined;

  grant(permissions: GivenPermissions, scope: { readonly turnId: string } | 'session'): void {
    if (scope === 'session') this.#session = union(this.#session, permissions);
    else this.#turn = { ...scope, permissions: union(this.#ofTurn(scope.turnId), permissions) };
  }

  /** Everything that counts for what starts in that turn. */
  inTurn(turnId: string): GivenPermissions {
    return union(this.#session, this.#ofTurn(turnId));
  }

  #ofTurn(turnId: string): GivenPermissions {
    return this.#turn?.turnId === turnId ? this.#turn.permissions : NO_PERMISSIONS;
  }
}

/** The walls of a sandbox, moved outwards by what was granted. */
export function widen(rules: SandboxRules, { writableRoots, networkAccess }: GivenPermissions): SandboxRules {
  return {
    writableRoots: [...new Set([...rules.writableRoots, ...writableRoots])],
    networkAccess: rules.networkAccess || networkAccess,
  };
}

/** What was granted of what was asked for: never more than either of the two. */
export function intersect(asked: GivenPermissions, granted: GivenPermissions): GivenPermissions {
  return {
    writableRoots: common(asked.writableRoots, granted.writableRoots),
    readableRoots: common(asked.readableRoots, granted.readableRoots),
    networkAccess: asked.networkAccess && granted.networkAccess,
  };
}

/** The narrower one of each two directories that lie in each other. */
function common(asked: readonly string[], granted: readonly string[]): string[] {
  const narrower = [
    ...granted.filter((path) => asked.some((root) => isWithin(path, root))),
    ...asked.filter((path) => granted.some((root) => isWithin(path, root))),
  ];
  return [...new Set(narrower)];
}

function union(a: GivenPermissions, b: GivenPermissions): GivenPermissions {
  const paths = (name: 'writableRoots' | 'readableRoots') =>
    [...new Set([...a[name], ...b[name]])].slice(0, LIMITS.sessionGrants);
  return {
    writableRoots: paths('writableRoots'),
    readableRoots: paths('readableRoots'),
    networkAccess: a.networkAccess || b.networkAccess,
  };
}
