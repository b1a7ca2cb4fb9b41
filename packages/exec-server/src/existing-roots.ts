import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { isWithin } from './is-within.js';

/**
 * The real paths of writable roots, each once, outer before inner, so that an inner mount is never covered by an outer one.
 * Those that do not exist are left out, and so are links that lie in another root: there a command of the sandbox may have made
 * them, to get wherever they lead. Rejects for one that is not absolute, and with the platform's error where one cannot be
 * looked at.
 */
export async function existingRoots(paths: readonly string[]): Promise<readonly string[]> {
  const found: { readonly path: string; readonly real: string }[] = [];
  for (const given of paths) {
    if (!isAbsolute(given)) throw new Error(`a writable root is an absolute path, not ${given}`);
    const path = resolve(given);
    const real = await realpath(path).catch(ignoreMissing);
    if (real !== undefined) found.push({ path, real });
  }
  const trusted = found.filter(
    (root) =>
      root.path === root.real || !found.some((other) => other !== root && isWithin(root.path, other.real)),
  );
  return [...new Set(trusted.map(({ real }) => real))].sort((a, b) => a.length - b.length);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return;
  throw error;
}
