import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isWithin } from './is-within.js';

/**
 * Names in a writable root that stay read-only: whoever writes them decides what later runs outside the sandbox (hooks and
 * settings of git, instructions and settings of agents).
 */
export const PROTECTED_NAMES = ['.git', '.millrace', '.codex', '.agents'] as const;

/**
 * The existing paths under a writable root that must be mounted read-only again.
 *
 * A `.git` file of a worktree or submodule is protected with the directory that it names, as far as that is writable. A link
 * is protected at its target; the link itself can be replaced.
 *
 * A name that does not exist is not protected: a mount needs a place to stand, and making one would leave empty entries in
 * people's directories, and make programs see a repository that is none.
 */
export async function protectedPaths(root: string): Promise<readonly string[]> {
  const paths = new Set<string>();
  for (const name of PROTECTED_NAMES) {
    const path = await realpathOf(join(root, name));
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
