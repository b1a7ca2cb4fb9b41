import { dirname, join } from 'node:path';
import { type Disk, diskErrorCode } from './disk.js';

/**
 * Makes `base` and, below it, one directory inside the other, so that all of them outlive a power loss.
 *
 * The names below `base` are synced even where they were there before: another process may have made them a moment ago.
 */
export async function makeDurableDirectory(
  disk: Disk,
  base: string,
  segments: readonly string[],
): Promise<void> {
  await makeWithParents(disk, base);
  let path = base;
  for (const segment of segments) {
    const parent = path;
    path = join(parent, segment);
    await makeIfMissing(disk, path);
    await disk.syncDirectory(parent);
  }
}

async function makeWithParents(disk: Disk, path: string): Promise<void> {
  const parent = dirname(path);
  try {
    if (!(await makeIfMissing(disk, path))) return;
  } catch (error) {
    if (diskErrorCode(error) !== 'ENOENT' || parent === path) throw error;
    await makeWithParents(disk, parent);
    await makeIfMissing(disk, path);
  }
  await disk.syncDirectory(parent);
}

/** Says whether it was this call that made it. */
async function makeIfMissing(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.makeDirectory(path);
    return true;
  } catch (error) {
    if (diskErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
