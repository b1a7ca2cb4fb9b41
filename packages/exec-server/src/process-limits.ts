/** The bounds that only the adapters of this package know; the others are in the protocol's `LIMITS`. Each with unit and reason. */
export const PROCESS_LIMITS = {
  /** Bytes of output that are read before anybody asked for them: one read of a Node stream. */
  outputBufferBytes: 65_536,
  /**
   * Bytes that may be held once the process is gone. More than two Linux socket buffers (212,992 bytes each), so
   * that everything the process itself wrote fits, whoever keeps writing after it.
   */
  outputAfterExitBytes: 1_048_576,
  /** Bytes given to a terminal in one write: the size of its line buffer on Linux. */
  terminalWriteBytes: 4_096,
  /** Milliseconds until a terminal whose input was full is tried again; Node cannot wait for room in it. */
  terminalRetryMs: 5,
  /** Milliseconds that the sandbox probe may take; a working one needs about ten. */
  probeMs: 5_000,
  /** Bytes of a probe's complaint that are kept. */
  probeOutputBytes: 4_096,
  /** Bytes of one file that is read whole: eight times the longest message line, far under what a heap holds. */
  fileBytes: 67_108_864,
  /** Symbolic links followed on the way to one file, as in Linux. */
  symbolicLinks: 40,
  /** Entries of a directory that are listed: far more than anybody looks at, and a few megabytes. */
  directoryEntries: 100_000,
  /** Milliseconds that changes of watched files are gathered, so that a save or a checkout is told once. */
  watchGatherMs: 200,
  /** Names of files that one search keeps, about 30 MB: more than the repository of an operating system kernel twice over. */
  searchedFiles: 200_000,
  /** Names after which a search that is still reading tells again what it has found. */
  searchGrowth: 20_000,
  /** Names that are compared before others may run: about five milliseconds. */
  searchBatch: 1_024,
  /** Bytes of one ignore file; a larger one is no list that somebody wrote, and is not read. */
  ignoreFileBytes: 1_048_576,
  /** Paths of one batch of changes; beyond that the watched path stands for all of them. */
  watchedPaths: 1_024,
} as const;
