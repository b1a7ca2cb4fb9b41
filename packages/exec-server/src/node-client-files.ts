import {
  copyFile,
  cp,
  lstat,
  mkdir,
  opendir,
  readlink,
  rm,
  rmdir,
  stat,
  symlink,
  unlink,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ClientFiles, Clock, DirectoryEntry, FileMetadata } from '@millrace/core/ports';
import { FileWatcher } from './file-watcher.js';
import { isWithin } from './is-within.js';
import { nodeFileSystem } from './node-file-system.js';
import { platformError } from './platform-error.js';
import { PROCESS_LIMITS } from './process-limits.js';

/**
 * The files of this machine as clients work with them; reading and writing are those of {@link nodeFileSystem}.
 *
 * Nothing here is confined: a client may do whatever the user of this process may.
 */
export function createClientFiles(clock: Clock): ClientFiles {
  return {
    readFile: nodeFileSystem.readFile,
    writeFile: nodeFileSystem.writeFile,
    createDirectory: async (path, { recursive }) => void (await mkdir(path, { recursive })),
    metadata,
    readDirectory,
    remove,
    copy,
    watch: (path, onChanged) => FileWatcher.start(path, { clock, onChanged }),
  };
}

async function metadata(path: string): Promise<FileMetadata> {
  const [itself, target] = await Promise.all([lstat(path), stat(path)]);
  return {
    isDirectory: target.isDirectory(),
    isFile: target.isFile(),
    isSymlink: itself.isSymbolicLink(),
    createdAtMs: Math.trunc(target.birthtimeMs),
    modifiedAtMs: Math.trunc(target.mtimeMs),
  };
}

async function readDirectory(path: string): Promise<readonly DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  for await (const entry of await opendir(path)) {
    if (entries.length === PROCESS_LIMITS.directoryEntries) {
      throw platformError('EFBIG', `more than ${PROCESS_LIMITS.directoryEntries} entries`, path);
    }
    const kind = entry.isSymbolicLink() ? await targetOf(join(path, entry.name)) : entry;
    entries.push({
      fileName: entry.name,
      isDirectory: kind?.isDirectory() ?? false,
      isFile: kind?.isFile() ?? false,
    });
  }
  return entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
}

/** What a link leads to; undefined for one that leads nowhere, or where this user may not look. */
function targetOf(link: string) {
  return stat(link).catch(() => undefined);
}

async function remove(
  path: string,
  { recursive, force }: Parameters<ClientFiles['remove']>[1],
): Promise<void> {
  try {
    const found = await lstat(path);
    if (!found.isDirectory()) await unlink(path);
    else if (recursive) await rm(path, { recursive: true });
    else await rmdir(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing || !force) throw error;
  }
}

async function copy(
  source: string,
  destination: string,
  { recursive }: Parameters<ClientFiles['copy']>[2],
): Promise<void> {
  const found = await lstat(source);
  if (found.isSymbolicLink()) return symlink(await readlink(source), destination);
  if (!found.isDirectory()) {
    if (!found.isFile()) throw platformError('EINVAL', 'neither a file nor a directory nor a link', source);
    return copyFile(source, destination);
  }
  if (!recursive) throw platformError('EISDIR', 'is a directory', source);
  const target = await nodeFileSystem.resolvePath(destination);
  if (isWithin(target, await nodeFileSystem.resolvePath(resolve(source)))) {
    throw platformError('EINVAL', 'a directory cannot be copied into itself', source);
  }
  await cp(source, destination, { recursive: true, verbatimSymlinks: true });
}
