import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PROTECTED_NAMES } from '@millrace/core/ports';
import { isWithin } from './is-within.js';

export interface ProtectionOptions {
  /** Further paths, such as the home directory of this program; protected where they lie under the root, or are it. */
  readonly others?: readonly string[] | undefined;
  /**
   * Whether a protected name counts that does not exist. Left out by default: a mount needs a place to stand, and making one
   * would leave empty entries in people's directories, and make programs see a repository that is none.
   */
  readonly missing?: 'included' | 'left out';
}

/**
 * The paths under a writable root that must stay read-only.
 *
 * A `.git` file of a worktree or submodule is protected with the directory that it names, as far as that is writable. A link
 * is protected at its target; the link itself can be replaced.
 *
 * @returns real paths, each once.
 */
export async function protectedPaths(
  root: string,
  options: ProtectionOptions = {},
): Promise<readonly string[]> {
  const paths = new Set<string>();
  for (const other of options.others ?? []) {
    const path = await realpathOf(other);
    if (path !== undefined) paths.add(path);
  }
  for (const name of PROTECTED_NAMES) {
    const path = await realpathOf(join(root, name));
    if (path === undefined && options.missing === 'included') paths.add(join(root, name));
    if (path === undefined) continue;
    paths.add(path);
    const directory = name === '.git' ? await gitDirectory(path) : undefined;
    if (directory !== undefined) paths.add(directory);
  }
  return [...paths].filter((path) => isWithin(path, root));
}

/** Where a `.git` file points; undefined for a directory, or when there is nothing. */
async function gitDirectory(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const target = text?.match(/^gitdir: (.+)$/m)?.[1];
  return target === undefined ? undefined : realpathOf(resolve(dirname(path), target));
}

function realpathOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
