import { constants } from 'node:fs';
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import type { Disk, DiskFile } from './disk.js';

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
/** The string flags have no word for it: `a` creates what is missing. */
const APPEND_EXISTING = constants.O_WRONLY | constants.O_APPEND;
/** A pipe that nobody writes to would keep `open` for ever. Windows has neither. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The disk of this machine.
 *
 * A directory is synced by opening it, which Windows does not offer; there it is left to the file system.
 */
export const nodeDisk: Disk = {
  openForAppend: async (path, presence) =>
    nodeFile(await open(path, presence === 'new' ? 'ax' : APPEND_EXISTING, FILE_MODE)),

  readFile: async (path, limitBytes) => {
    const handle = await open(path, READ_AT_ONCE);
    try {
      const stats = await handle.stat();
      const { size } = stats;
      if (!stats.isFile() && !stats.isDirectory()) throw new NotAFileError(path);
      if (size > limitBytes) throw new FileTooBigError(path, size, limitBytes);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  },

  realPath: (path) => realpath(path),
  readPart: async (path, startByte, lengthBytes) => {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(lengthBytes, size - startByte)));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, startByte + filled);
        if (bytesRead === 0) break; // Somebody has cut the file meanwhile.
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await handle.close();
    }
  },

  stampOf: async (path) => {
    const { size, mtimeMs } = await stat(path);
    return { sizeBytes: size, modifiedAtMs: mtimeMs };
  },
  rename: (from, to) => rename(from, to),
  link: (existing, added) => link(existing, added),
  unlink: (path) => unlink(path),

  makeDirectory: async (path) => {
    await mkdir(path, { mode: DIRECTORY_MODE });
  },

  listDirectory: (path) => readdir(path),

  syncDirectory: async (path) => {
    if (process.platform === 'win32') return;
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** What {@link Disk.readFile} rejects with for a pipe, a socket or a device, which have no end. */
class NotAFileError extends Error {
  override readonly name = 'NotAFileError';
  readonly code = 'EINVAL';

  constructor(path: string) {
    super(`${path} is no file`);
  }
}

/** What {@link Disk.readFile} rejects with when a file is over the caller's limit. */
class FileTooBigError extends Error {
  override readonly name = 'FileTooBigError';
  readonly code = 'EFBIG';

  constructor(path: string, sizeBytes: number, limitBytes: number) {
    super(`${path} holds ${sizeBytes} bytes, which is over the limit of ${limitBytes}`);
  }
}

function nodeFile(handle: FileHandle): DiskFile {
  return {
    // One write as a rule; `appendFile` repeats after a short one.
    append: (bytes) => handle.appendFile(bytes),
    datasync: () => handle.datasync(),
    sync: () => handle.sync(),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    close: () => handle.close(),
  };
}
