/**
 * The files of this machine, for what clients do with them themselves. All paths are absolute.
 *
 * Each call rejects with the platform's own error: `code` names it, `errno` is its number where the platform has one.
 */
export interface ClientFiles {
  /** Takes regular files up to a size that the adapter sets (`EFBIG`); a directory is `EISDIR`, anything else `EINVAL`. */
  readFile(path: string): Promise<Uint8Array>;
  /** Replaces the file as a whole: readers see the old bytes or the new ones. The directory must be there. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** With `recursive` parents are made too, and a directory that is there already is fine. */
  createDirectory(path: string, options: { readonly recursive: boolean }): Promise<void>;
  metadata(path: string): Promise<FileMetadata>;
  /** The direct children by name, without `.` and `..`. More than the adapter's limit is `EFBIG`. */
  readDirectory(path: string): Promise<readonly DirectoryEntry[]>;
  /** Removes a file, a link (not what it leads to), or a directory; one that is not empty only with `recursive`. */
  remove(path: string, options: { readonly recursive: boolean; readonly force: boolean }): Promise<void>;
  /** Copies a file over the destination, or with `recursive` a directory into it; links stay links. Else `EISDIR`. */
  copy(source: string, destination: string, options: { readonly recursive: boolean }): Promise<void>;
  /**
   * Tells of changes of a file, or of the direct children of a directory, until it is closed.
   *
   * `onChanged` gets each batch of changed paths: all that changed within a short time, each once, never none. Where too many
   * changed, or the place itself is gone, the watched path stands for all of them.
   */
  watch(path: string, onChanged: (paths: readonly string[]) => void): Promise<FileWatch>;
}

/** What is at a path. */
export interface FileMetadata {
  /** Symbolic links followed. */
  readonly isDirectory: boolean;
  /** Symbolic links followed. */
  readonly isFile: boolean;
  readonly isSymlink: boolean;
  /** Unix time in milliseconds; 0 where the file system does not keep it. */
  readonly createdAtMs: number;
  /** Unix time in milliseconds. */
  readonly modifiedAtMs: number;
}

/** A child of a directory. Symbolic links are followed; one that leads nowhere is neither. */
export interface DirectoryEntry {
  readonly fileName: string;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
}

/** A running watch. */
export interface FileWatch {
  /** The watched path, symbolic links resolved. */
  readonly path: string;
  /** Nothing is told after this. Idempotent. */
  close(): void;
}
