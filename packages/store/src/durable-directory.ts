import { dirname, join } from 'node:path';
import { type Disk, diskErrorCode } from './disk.js';

/** What syncing a directory of somebody else, or of a special file system, is refused with. */
const NOT_PERMITTED: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EROFS', 'EINVAL']);

/** Makes a directory and what is missing above it. Nothing is durable yet. */
export async function makeDirectories(disk: Disk, path: string): Promise<void> {
  try {
    await disk.makeDirectory(path);
  } catch (error) {
    const code = diskErrorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeDirectories(disk, dirname(path));
    await makeDirectories(disk, path);
  }
}

/**
 * Makes the directory that `segments` lead to from `home`, so that its name and all names above it outlive a power loss.
 *
 * Every name is synced, also where it was there before: whoever made it, another process or a try of ours that failed, may not
 * have come to that. Directories above the home that may not be read, or cannot be synced, are left out: they were there before us.
 */
export async function makeDurableDirectory(
  disk: Disk,
  home: string,
  segments: readonly string[],
): Promise<void> {
  await makeDirectories(disk, join(home, ...segments));
  for (let depth = 0; depth < segments.length; depth += 1) {
    await disk.syncDirectory(join(home, ...segments.slice(0, depth)));
  }
  for (let path = home; dirname(path) !== path; path = dirname(path)) {
    await syncIfPermitted(disk, dirname(path));
  }
}

async function syncIfPermitted(disk: Disk, path: string): Promise<void> {
  try {
    await disk.syncDirectory(path);
  } catch (error) {
    if (!NOT_PERMITTED.has(diskErrorCode(error))) throw error;
  }
}
