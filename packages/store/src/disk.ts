/**
 * The few operations of a file system that the store uses, so that a simulated disk can stand in for the real one.
 *
 * Every operation rejects with an error that carries the platform's code in `code` (`ENOENT`, `EEXIST`, `ENOSPC` …), see
 * {@link diskErrorCode}. All paths are absolute. Contents are durable after {@link DiskFile.datasync}, a smaller size after
 * {@link DiskFile.sync}, and names after {@link Disk.syncDirectory}; nothing is before.
 */
export interface Disk {
  /** Opens a file for appending. `new` creates it with mode 0600 and rejects with `EEXIST` when the name is taken. */
  openForAppend(path: string, presence: 'new' | 'existing'): Promise<DiskFile>;
  /** Reads a whole file. Rejects with `EFBIG`, before anything is read, when it holds more than `limitBytes`, with `EINVAL` for a pipe or a device. */
  readFile(path: string, limitBytes: number): Promise<Uint8Array>;
  /** The path with symbolic links resolved. Rejects with `ENOENT` when nothing is there. */
  realPath(path: string): Promise<string>;
  /** Reads up to so many bytes from that byte on; fewer where the file ends. */
  readPart(path: string, startByte: number, lengthBytes: number): Promise<Uint8Array>;
  /** What tells a file from itself after a change. */
  stampOf(path: string): Promise<FileStamp>;
  /** Gives a file a new name at once, replacing what had that name. */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name. Rejects with `EEXIST` when the name is taken, so one of many callers wins. */
  link(existing: string, added: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes one directory with mode 0700. Rejects with `EEXIST` when it is there, `ENOENT` when its parent is not. */
  makeDirectory(path: string): Promise<void>;
  /** The names in a directory, in no particular order. */
  listDirectory(path: string): Promise<readonly string[]>;
  /** Makes the names in a directory durable: those added as well as those removed. */
  syncDirectory(path: string): Promise<void>;
}

/** Size and time of a file. */
export interface FileStamp {
  readonly sizeBytes: number;
  /** Unix time in milliseconds of the last change, as finely as the disk keeps it. */
  readonly modifiedAtMs: number;
}

/** A file that is open for appending. */
export interface DiskFile {
  /** Writes all bytes at the end of the file. When it rejects, some first part of them may be there. */
  append(bytes: Uint8Array): Promise<void>;
  /** Makes what was appended durable, as far as the hardware honours it. */
  datasync(): Promise<void>;
  /** Makes everything about the file durable, also that it was cut. */
  sync(): Promise<void>;
  /** Cuts the file to that size. */
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** The platform's code of an error that a disk rejected with; undefined for any other value. */
export function diskErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
