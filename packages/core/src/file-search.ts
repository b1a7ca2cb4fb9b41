/** Finds files by parts of their names. */
export interface FileSearcher {
  /**
   * Begins to read the names of everything below some directories, in the background. What ignore files leave out is left out, like
   * the contents of `.git`; a directory that cannot be read counts as empty. Links are named and not followed, those that lead nowhere
   * left out. Never throws.
   */
  open(roots: readonly string[]): FileNames;
}

/** The names below some directories, as they were when they were read. */
export interface FileNames {
  /** Whether everything has been read, or as much as the adapter keeps. */
  readonly isComplete: boolean;
  /** Resolves when there is much more than there was at the call, or everything. Never rejects. */
  grown(): Promise<void>;
  /**
   * The best matches among what has been read so far, best first, then by path. An empty query has none. Lets the event loop run;
   * rejects with the signal's reason when it is aborted.
   *
   * @param limit Matches at most.
   */
  search(query: string, limit: number, signal: AbortSignal): Promise<readonly FileMatch[]>;
  /** Stops reading. Idempotent. */
  close(): void;
}

/** A file or directory whose path fits a query. */
export interface FileMatch {
  /** The directory below which it was found, as it was given. */
  readonly root: string;
  /** From the root. */
  readonly path: string;
  readonly fileName: string;
  readonly isDirectory: boolean;
  /** 0 or more; only to be compared with others of the same query. */
  readonly score: number;
  /** Places of the characters of the path that fit, ascending, in characters. */
  readonly indices: readonly number[];
}
