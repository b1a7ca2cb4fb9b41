import { RpcError } from './rpc-error.js';

/** What operating systems say for the numbers that Node names, and the numbers of Linux for errors that come without one. */
const TEXTS: Readonly<Record<string, { readonly text: string; readonly number: number }>> = {
  EPERM: { text: 'Operation not permitted', number: 1 },
  ENOENT: { text: 'No such file or directory', number: 2 },
  EIO: { text: 'Input/output error', number: 5 },
  EACCES: { text: 'Permission denied', number: 13 },
  EBUSY: { text: 'Device or resource busy', number: 16 },
  EEXIST: { text: 'File exists', number: 17 },
  EXDEV: { text: 'Invalid cross-device link', number: 18 },
  ENOTDIR: { text: 'Not a directory', number: 20 },
  EISDIR: { text: 'Is a directory', number: 21 },
  EINVAL: { text: 'Invalid argument', number: 22 },
  EMFILE: { text: 'Too many open files', number: 24 },
  EFBIG: { text: 'File too large', number: 27 },
  ENOSPC: { text: 'No space left on device', number: 28 },
  EROFS: { text: 'Read-only file system', number: 30 },
  ENAMETOOLONG: { text: 'File name too long', number: 36 },
  ENOTEMPTY: { text: 'Directory not empty', number: 39 },
  ELOOP: { text: 'Too many levels of symbolic links', number: 40 },
};

/** The platform's name for what went wrong, such as `ENOENT`; undefined for what is no error of the platform. */
export function platformCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What the client is told of a failed file operation: the platform's reason, and no path. */
export function fileError(cause: unknown): RpcError {
  const code = platformCode(cause);
  // Node refuses paths with a null character before the operating system sees them.
  const known = TEXTS[code === 'ERR_INVALID_ARG_VALUE' ? 'EINVAL' : (code ?? '')];
  if (known === undefined) return new RpcError('failed', 'Input/output error', { cause });
  const { errno = known.number } = cause as { readonly errno?: number };
  return new RpcError('failed', `${known.text} (os error ${Math.abs(errno)})`, { cause });
}

/** Waits for a file operation. @throws {RpcError} what {@link fileError} makes of its failure. */
export async function told<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw fileError(error);
  }
}
