import { dirname } from 'node:path';
import { type Disk, diskErrorCode } from './disk.js';

/** Copies that one place of one file can leave; a disk that damages the same line more often than that is not worth a name. */
const COPIES_LIMIT = 100;

/**
 * Keeps the bytes after the good prefix of a thread file in a file of their own, named after the file and the first line that
 * is missing: `<file>.set-aside-<seq>`, then `-<seq>-2` and so on. They are durable when this resolves, so the original may
 * be cut.
 */
export async function setAside(disk: Disk, path: string, seq: number, bytes: Uint8Array): Promise<void> {
  const name = `${path}.set-aside-${seq}`;
  for (let copy = 1; ; copy += 1) {
    try {
      await writeNew(disk, copy === 1 ? name : `${name}-${copy}`, bytes);
      return;
    } catch (error) {
      if (diskErrorCode(error) !== 'EEXIST' || copy === COPIES_LIMIT) throw error;
    }
  }
}

async function writeNew(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.openForAppend(path, 'new');
  try {
    await file.append(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  await disk.syncDirectory(dirname(path));
}
