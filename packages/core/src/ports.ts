import type {
  CodexErrorInfo,
  Model,
  NotificationMethod,
  NotificationParams,
  ReasoningEffort,
  ServerRequestMethod,
  ServerRequestParams,
  TokenUsageBreakdown,
} from '@millrace/protocol';
import type { ResponseItem } from './response-item.js';
import type { FoundThread, ThreadQuery } from './thread-query.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';
import type { ToolSpec } from './tool-spec.js';

export type { Clock } from '@millrace/channel';
export type * from './client-files.js';
export type * from './client-processes.js';
export type { CommandRules, PrefixRule, WordPattern } from './command-rules.js';
export type * from './file-search.js';
export type * from './guidance.js';
export * from './mcp-launcher.js';
export { searchableText } from './message-text.js';
export { PROTECTED_NAMES } from './protected-names.js';
export type * from './response-item.js';
export type * from './section-store.js';
export type { FoundThread, ThreadPlace, ThreadQuery } from './thread-query.js';
export { literalPattern, sourceKindOf, titleOf } from './thread-query.js';
export type * from './thread-record.js';
export { foldSummary, newSummary, type ThreadSummary } from './thread-summary.js';
export type * from './tool-spec.js';

// ---- Models --------------------------------------------------------------------------------------------------------

/** Speaks to one model provider. */
export interface ModelClient {
  /** The id under `[model_providers]`, or a name of its own such as `scripted`. */
  readonly provider: string;
  /** How often the turn asks again after a stream broke; 0 means never. */
  readonly streamMaxRetries: number;
  /** The models that can be named, best first; empty where the provider keeps no list. */
  readonly models: readonly Model[];
  /**
   * Asks for one response. Yields batches: whatever has arrived since the last one, never empty.
   *
   * Ends after `completed`. Throws {@link ModelError} when the response fails, and the signal's reason when aborted. Requests
   * that failed before any event are retried inside; a stream that broke is the caller's to retry.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelEvent[]>;
}

export interface ModelRequest {
  readonly threadId: string;
  readonly turnId: string;
  readonly model: string;
  readonly input: readonly ResponseItem[];
  readonly tools: readonly ToolSpec[];
  readonly effort: ReasoningEffort | null;
  /** `auto`, `concise`, `detailed`, or `none`; null leaves it to the provider. */
  readonly summary: string | null;
  /** JSON Schema of the final message, where the client asked for one. */
  readonly outputSchema: unknown;
}

export type ModelEvent =
  | { readonly type: 'itemStarted'; readonly item: ResponseItem }
  | { readonly type: 'textDelta'; readonly itemId: string; readonly delta: string }
  | { readonly type: 'toolInputDelta'; readonly itemId: string; readonly delta: string }
  | { readonly type: 'reasoningSummaryPartAdded'; readonly itemId: string; readonly summaryIndex: number }
  | {
      readonly type: 'reasoningSummaryTextDelta';
      readonly itemId: string;
      readonly summaryIndex: number;
      readonly delta: string;
    }
  | {
      readonly type: 'reasoningTextDelta';
      readonly itemId: string;
      readonly contentIndex: number;
      readonly delta: string;
    }
  | { readonly type: 'itemCompleted'; readonly item: ResponseItem }
  | { readonly type: 'completed'; readonly responseId: string; readonly usage: TokenUsageBreakdown | null };

/**
 * A model response that failed, in the words that a client is told.
 *
 * `message` and `info` are those of the last, final failure. While the turn still asks again it tells the client its own
 * (`Reconnecting... 1/2`, info `responseStreamDisconnected`), with this message as the additional details.
 */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly info: CodexErrorInfo | null;
  /** True when asking again may succeed (a broken stream), false when it cannot (a refused request). */
  readonly retryable: boolean;
  /** True when the provider could not be reached at all: the turn waits for the network, however long that takes. */
  readonly isUnreachable: boolean;
  /** Milliseconds after which the provider wants to be asked again; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, options: ModelErrorOptions) {
    super(message, { cause: options.cause });
    this.info = options.info;
    this.retryable = options.retryable;
    this.isUnreachable = options.isUnreachable ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

export interface ModelErrorOptions {
  readonly info: CodexErrorInfo | null;
  readonly retryable: boolean;
  readonly isUnreachable?: boolean;
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

// ---- Threads on disk -----------------------------------------------------------------------------------------------

/** Keeps threads. */
export interface ThreadStore {
  /** Where the thread will be kept, announced before anything is written; null where nothing is kept on disk. */
  pathOf(meta: ThreadMeta): string | null;
  /** Begins the log of a new thread; its first record is `{ type: 'thread', meta }`. Rejects with {@link StoreError}. */
  create(meta: ThreadMeta): Promise<ThreadLog>;
  /** Opens a thread for writing and reads all its records; undefined when there is none of that id. */
  open(threadId: string): Promise<OpenedThread | undefined>;
  /** The id of the thread that is kept at that absolute path; undefined when none is. Rejects with {@link StoreError}. */
  idOf(path: string): Promise<string | undefined>;
  /** Reads a thread without opening it for writing; undefined when there is none of that id. */
  read(threadId: string): Promise<readonly ThreadRecord[] | undefined>;
  /** Every thread that is kept, in no particular order. Rejects with {@link StoreError}. */
  list(): Promise<readonly KeptThread[]>;
  /**
   * The threads that a query asks for, as the store's index knows them. Absent, or `undefined`, where there is no index: then the
   * caller looks at the threads themselves. Rejects with {@link StoreError}.
   */
  find?(query: ThreadQuery): Promise<readonly FoundThread[] | undefined>;
  /** Removes a thread that nobody has open for good. Returns whether there was one. Rejects with {@link StoreError}. */
  remove(threadId: string): Promise<boolean>;
  /** Flushes and closes every open log. Idempotent. */
  close(): Promise<void>;
}

export interface KeptThread {
  readonly threadId: string;
  /** Grows with every record, so that what was read of the thread can be told from what it is now. */
  readonly size: number;
}

export interface OpenedThread {
  readonly records: readonly ThreadRecord[];
  readonly log: ThreadLog;
  /** Bytes after the good prefix that were set aside, 0 when the file was whole. */
  readonly setAsideBytes: number;
  /** Whole lines among them: the disk has lost what it was trusted with. A line that was never finished is not one. */
  readonly lostLines: number;
}

/** One thread's log, open for appending by this process alone. */
export interface ThreadLog {
  /** Adds records at the end, in memory until {@link sync}. Never waits. Ignored once the log failed or closed. */
  append(records: readonly ThreadRecord[]): void;
  /**
   * Resolves when everything appended so far would survive the death of the process and, where the disk honours it, power
   * loss. Rejects with {@link StoreError}; after that the log takes nothing more (TS-6) and the good prefix remains.
   */
  sync(): Promise<void>;
  /** Syncs and releases the file. Idempotent. */
  close(): Promise<void>;
}

export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** `io`: the disk refused; `locked`: another process writes this thread; `closed`: the log is not open any more. */
  readonly code: 'io' | 'locked' | 'closed';

  constructor(code: StoreError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

// ---- Processes -----------------------------------------------------------------------------------------------------

/** Starts processes, in a sandbox where one works. Never asks anybody for approval: that is done before. */
export interface ProcessRunner {
  /** What the probe at start found. */
  readonly sandbox: SandboxStatus;
  /** Starts `argv[0]` in a process group of its own. Rejects with {@link SpawnError}; then nothing is running. */
  spawn(request: SpawnRequest): Promise<RunningProcess>;
}

export type SandboxStatus =
  | { readonly type: 'available'; readonly kind: 'bubblewrap' | 'seatbelt' }
  | {
      readonly type: 'unavailable';
      /** What is missing, for people. */
      readonly reason: string;
      /** What would help, for people. */
      readonly remedy: string;
    };

export interface SpawnRequest {
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A pseudo terminal of that size in characters, or null for pipes. */
  readonly terminal: { readonly rows: number; readonly columns: number } | null;
  /** `none` gives a process on pipes an empty standard input, so that one which reads it does not wait; `open` by default. */
  readonly input?: 'open' | 'none';
  /** `separate` keeps the two output streams of a process on pipes apart, at the price of the order between them; `merged` by default. */
  readonly streams?: 'merged' | 'separate';
  /** Null runs the process without a sandbox. A policy with no working sandbox is refused with `sandboxUnavailable`. */
  readonly sandbox: SandboxRules | null;
}

/** What a sandboxed process may do. Reading is allowed everywhere. */
export interface SandboxRules {
  /** Absolute directories that may be written; `.git` and other protected names inside stay read-only. */
  readonly writableRoots: readonly string[];
  readonly networkAccess: boolean;
}

export interface RunningProcess {
  readonly pid: number;
  /**
   * Standard output and error in the order in which they were read, as raw bytes. One consumer. The process is not read
   * further than the consumer asked, so a process that prints faster than that is held up at its pipe. Ends when both streams
   * ended, or a short grace after the exit where a grandchild holds them open.
   */
  readonly output: AsyncIterable<Uint8Array>;
  /** Settles once, when the process itself ended; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Writes to standard input; resolves when the bytes were handed over. Rejects when the input is closed. */
  write(bytes: Uint8Array): Promise<void>;
  /** Changes the size of the pseudo terminal, in characters. Does nothing for pipes. */
  resize(rows: number, columns: number): void;
  /** Kills the whole process group at once (SIGKILL) and resolves when the process was reaped. Idempotent. */
  kill(): Promise<void>;
}

export interface ProcessExit {
  /** The exit code; 128 + the signal number when a signal ended it. */
  readonly exitCode: number;
}

export class SpawnError extends Error {
  override readonly name = 'SpawnError';
  readonly code: 'notFound' | 'badWorkingDirectory' | 'sandboxUnavailable' | 'terminalUnsupported' | 'failed';

  constructor(code: SpawnError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

// ---- Files ---------------------------------------------------------------------------------------------------------

/** The part of a file system that tools need. All paths are absolute. Rejects with the platform's own error (`code`). */
export interface FileSystem {
  readFile(path: string): Promise<Uint8Array>;
  /** Replaces the file as a whole: readers see the old bytes or the new ones. Keeps the mode of a file that was there. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** What is at the path, symbolic links followed; undefined when there is nothing. */
  kindOf(path: string): Promise<'file' | 'directory' | 'other' | undefined>;
  /** The path with symbolic links of its deepest existing ancestor resolved. */
  resolvePath(path: string): Promise<string>;
}

// ---- Identity ------------------------------------------------------------------------------------------------------

/** Where ids come from. */
export interface IdSource {
  /** A UUIDv7 in lower case: ids that are made later sort later. */
  uuid(): string;
  /** An integer from `low` to `high`, both included, for ids that people read. */
  integer(low: number, high: number): number;
}

// ---- Whoever is attached: events out, questions back -----------------------------------------------------------------

/** Who began a turn. Made by the server, which keeps the reserved slot for the turn's end in it; opaque to core. */
export interface TurnStarter {
  readonly kind: 'turnStarter';
}

/** Says when a full view has room again. */
export interface RoomSignal {
  /**
   * Resolves with `'room'` when it is worth trying again, `'behind'` when the consumer was too slow and the event should be
   * forced, so that the consumer falls behind. Rejects with the signal's reason when aborted.
   */
  wait(signal: AbortSignal): Promise<'room' | 'behind'>;
}

/** Where a thread's notifications go. Synchronous: it never waits. */
export interface ThreadEvents {
  /**
   * Puts a notification into the view of every subscriber. Which of them get it when they are full is the delivery class's
   * matter; only the starter of the turn can refuse a lossless one: then a room signal comes back, and nothing was done.
   *
   * @param turn The turn's starter, for the events of a turn. With `force` it is not asked for room but falls behind.
   */
  emit<M extends NotificationMethod>(
    threadId: string,
    method: M,
    params: NotificationParams<M>,
    turn?: { readonly starter: TurnStarter; readonly force?: boolean },
  ): RoomSignal | undefined;
}

/** Asks whoever is attached to a thread. */
export interface ThreadQuestions {
  /**
   * Raises a server request to the thread's subscribers and waits for the first answer. Never rejects: whatever happens is an
   * outcome. Aborting the signal cancels the request, with `serverRequest/resolved` sent before this resolves.
   */
  ask<M extends ServerRequestMethod>(
    threadId: string,
    method: M,
    params: ServerRequestParams<M>,
    signal: AbortSignal,
  ): Promise<QuestionOutcome>;
}

export type QuestionOutcome =
  /** `result` is as the client sent it: the asker checks it and fails closed. */
  | { readonly type: 'answered'; readonly result: unknown }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'expired' | 'cancelled' | 'disconnected' | 'shutdown' };
