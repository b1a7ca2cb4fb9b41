import { realpath } from 'node:fs/promises';
import { isAbsolute } from 'node:path';

/**
 * The real paths of writable roots, each once, outer before inner, so that an inner mount is never covered by an outer one.
 * Those that do not exist are left out. Rejects for one that is not absolute, and with the platform's error where one cannot be
 * looked at.
 */
export async function existingRoots(paths: readonly string[]): Promise<readonly string[]> {
  const roots = new Set<string>();
  for (const path of paths) {
    if (!isAbsolute(path)) throw new Error(`a writable root is an absolute path, not ${path}`);
    const root = await realpath(path).catch(ignoreMissing);
    if (root !== undefined) roots.add(root);
  }
  return [...roots].sort((a, b) => a.length - b.length);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return;
  throw error;
}
