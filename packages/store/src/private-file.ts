import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { type Disk, diskErrorCode } from './disk.js';
import { makeDirectories } from './durable-directory.js';

/**
 * Replaces a file as a whole: whoever reads it sees the old bytes or the new ones, and after it resolves the new ones outlive a
 * power loss. The file has mode 0600 whatever it had before. A symbolic link keeps pointing to it. Directories that are missing are made.
 *
 * Rejects with the disk's error; then the old file is as it was.
 */
export async function replacePrivateFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const target = await disk.realPath(path).catch((error: unknown) => {
    if (diskErrorCode(error) !== 'ENOENT') throw error;
    return path;
  });
  const directory = dirname(target);
  await makeDirectories(disk, directory);
  const temporary = join(directory, `.${basename(target)}.${randomUUID()}.tmp`);
  const file = await disk.openForAppend(temporary, 'new');
  try {
    try {
      await file.append(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(temporary, target);
  } catch (error) {
    await disk.unlink(temporary).catch(() => {});
    throw error;
  }
  await disk.syncDirectory(directory);
}
