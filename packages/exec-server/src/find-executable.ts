import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** Where the C library looks when there is no PATH. */
const DEFAULT_PATH = '/usr/bin:/bin';

export type ExecutableLookup =
  | { readonly type: 'found'; readonly path: string }
  | { readonly type: 'missing' }
  /** There is such a file, and it may not be run. */
  | { readonly type: 'denied'; readonly path: string };

/**
 * Finds the file that starting `name` in `cwd` would run, in the way of `execvp`. Needed where the platform reports a
 * missing program only from inside the child.
 */
export async function findExecutable(
  name: string,
  options: { readonly cwd: string; readonly path: string | undefined },
): Promise<ExecutableLookup> {
  if (name === '' || name.includes('\0')) return { type: 'missing' };
  const directories = name.includes('/') ? [''] : (options.path ?? DEFAULT_PATH).split(delimiter);
  let denied: string | undefined;
  for (const directory of directories) {
    const path = resolve(options.cwd, isAbsolute(name) ? name : join(directory, name));
    const found = await examine(path);
    if (found === 'executable') return { type: 'found', path };
    if (found === 'denied') denied ??= path;
  }
  return denied === undefined ? { type: 'missing' } : { type: 'denied', path: denied };
}

async function examine(path: string): Promise<'executable' | 'denied' | 'missing'> {
  try {
    if (!(await stat(path)).isFile()) return 'denied';
  } catch {
    return 'missing';
  }
  return access(path, constants.X_OK).then(
    () => 'executable',
    () => 'denied',
  );
}
