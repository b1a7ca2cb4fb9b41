import { chmod, lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { ListenError } from './listen-error.js';

/** The longest path of a unix socket that every supported kernel takes, in bytes: 103 on macOS, 107 on Linux. */
const LONGEST_PATH_BYTES = 103;
const OWNER_ONLY_DIRECTORY = 0o700;
const OWNER_ONLY_FILE = 0o600;
const ANYBODY_ELSE = 0o077;

/**
 * Makes a path ready to be listened on: its directory is there and closed to others, and no socket that nobody answers is in the way.
 *
 * A dead socket is first moved aside and tried again there, so that a live one which another process put in its place meanwhile is
 * never removed.
 *
 * @throws {ListenError} when somebody listens there, when something else is there, or when others may enter the directory.
 */
export async function claimSocketPath(path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES)
    throw new ListenError(`${path}: the path of a socket has at most ${LONGEST_PATH_BYTES} bytes`);
  await ensurePrivateDirectory(dirname(path));
  const found = await lstat(path).catch(ignoreMissing);
  if (found === undefined) return;
  if (!found.isSocket()) throw new ListenError(`${path}: something that is no socket is there already`);
  if (await isAnswered(path)) throw inUse(path);
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(ignoreMissing);
  if (await isAnswered(aside)) {
    await rename(aside, path);
    throw inUse(path);
  }
  await rm(aside, { force: true });
}

/** Lets nobody but the owner connect. The directory has kept others out from the first moment on. */
export async function protectSocket(path: string): Promise<void> {
  await chmod(path, OWNER_ONLY_FILE);
}

/** What a socket is told by that cannot be bound because another process was faster. */
export function inUse(path: string): ListenError {
  return new ListenError(`${path}: another server listens there already`);
}

async function ensurePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  const { mode, uid } = await stat(directory);
  if (uid !== process.getuid?.() || (mode & ANYBODY_ELSE) !== 0) {
    throw new ListenError(
      `${directory}: the directory of a socket has to be yours and closed to others; chmod 700 it, or name another`,
    );
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // EAGAIN: its queue of connections is full, so somebody is there.
      if (error.code === 'EAGAIN') resolve(true);
      else if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      else reject(error);
    });
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
