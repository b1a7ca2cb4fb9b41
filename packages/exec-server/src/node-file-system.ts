import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readlink,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { FileSystem } from '@millrace/core/ports';
import { platformError } from './platform-error.js';
import { PROCESS_LIMITS } from './process-limits.js';

const PERMISSION_BITS = 0o7777;
const PRIVATE_MODE = 0o600;
const NEW_FILE_MODE = 0o666;
/** Bytes asked for where a file has more than it said: one page. */
const UNEXPECTED_BYTES = 4_096;

/**
 * The files of this machine.
 *
 * - Reading takes regular files of at most 64 MiB (`EFBIG`). A directory is `EISDIR`, anything else `EINVAL`; it is never
 *   waited for.
 * - Writing follows symbolic links first, as they are when the call begins, then writes a new file beside the target and
 *   renames it over it. A link that is put in the target's place meanwhile is replaced, not followed. A path that was
 *   checked should therefore be given as {@link FileSystem.resolvePath} returned it. The new file has the old one's
 *   mode, and its owner where this process may give it away; other names of the old file (hard links) keep the old bytes.
 *   It is not forced to the disk: after a power loss the old bytes may be back.
 * - Removing takes files and links, never a directory.
 */
export const nodeFileSystem: FileSystem = {
  readFile: readRegularFile,
  writeFile: replaceFile,
  makeDirectory: async (path) => void (await mkdir(path, { recursive: true })),
  remove: (path) => unlink(path),
  kindOf,
  resolvePath: (path) => resolveExisting(path, PROCESS_LIMITS.symbolicLinks),
};

async function readRegularFile(path: string): Promise<Uint8Array> {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    requireRegularFile(await file.stat(), path);
    return await readUpToLimit(file, path);
  } finally {
    await file.close();
  }
}

/** Reads to the end, whatever size the file claims: those of `/proc` claim none. */
async function readUpToLimit(file: FileHandle, path: string): Promise<Uint8Array> {
  const { size } = await file.stat();
  const chunks: Uint8Array[] = [];
  let total = 0;
  while (Math.max(size, total) <= PROCESS_LIMITS.fileBytes) {
    // One byte more than is expected, so that a file which did not grow is read in one piece.
    const buffer = Buffer.allocUnsafeSlow(size > total ? size - total + 1 : UNEXPECTED_BYTES);
    const { bytesRead } = await file.read(buffer);
    const [first] = chunks;
    if (bytesRead === 0) return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  throw platformError('EFBIG', `more than ${PROCESS_LIMITS.fileBytes} bytes`, path);
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const target = await resolveExisting(path, PROCESS_LIMITS.symbolicLinks);
  const old = await statOf(target);
  if (old !== undefined) requireRegularFile(old, path);
  const temporary = join(dirname(target), `.millrace-${randomUUID()}.tmp`);
  const file = await open(temporary, 'wx', old === undefined ? NEW_FILE_MODE : PRIVATE_MODE);
  try {
    try {
      await file.writeFile(bytes);
      if (old !== undefined) await copyOwnership(file, old);
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** The owner first: giving a file away clears bits of its mode. */
async function copyOwnership(file: FileHandle, old: Stats): Promise<void> {
  await file.chown(old.uid, old.gid).catch(() => {});
  await file.chmod(old.mode & PERMISSION_BITS);
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'other' | undefined> {
  const found = await statOf(path);
  if (found === undefined) return undefined;
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'directory' : 'other';
}

/** Also follows a link to something that does not exist, so that a new file is looked for where it would really be made. */
async function resolveExisting(path: string, linksLeft: number): Promise<string> {
  const normal = resolve(path);
  try {
    return await realpath(normal);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const parent = dirname(normal);
  if (parent === normal) return normal;
  const located = join(await resolveExisting(parent, linksLeft), basename(normal));
  const isLink = await lstat(located).then(
    (found) => found.isSymbolicLink(),
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
  if (!isLink) return located;
  if (linksLeft === 0) throw platformError('ELOOP', 'too many symbolic links', path);
  return resolveExisting(resolve(dirname(located), await readlink(located)), linksLeft - 1);
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function requireRegularFile(found: Stats, path: string): void {
  if (found.isDirectory()) throw platformError('EISDIR', 'is a directory', path);
  if (!found.isFile()) throw platformError('EINVAL', 'not a regular file', path);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
