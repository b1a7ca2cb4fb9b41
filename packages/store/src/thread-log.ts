import { StoreError, type ThreadLog, type ThreadRecord } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { type DiskFile, diskErrorCode } from './disk.js';
import { encodeLine } from './line-format.js';

/** Bytes that a thread file may hold, so that it can always be read back into memory. */
export const FILE_LIMIT_BYTES = 536_870_912;

/** Waiting bytes at which a commit begins although nobody asked, so that a long turn is not kept in memory. */
const COMMIT_AT_BYTES = 1_048_576;

export interface JsonlThreadLogOptions {
  /** For messages; paths are kept out of them, since they are told to clients. */
  readonly threadId: string;
  readonly file: DiskFile;
  /** Size of the file, all of which is good and durable. */
  readonly sizeBytes: number;
  /** The number of the next line. */
  readonly nextSeq: number;
  /** Called after each commit, when what was appended is durable. */
  readonly onCommitted: () => void;
  /** Called once, after the file is closed. */
  readonly release: () => Promise<void>;
}

/**
 * The log of one thread as lines of a file.
 *
 * Group commit: everything appended by the end of the tick in which a commit was asked for, and everything that arrives while
 * one is running, goes into the next one, which is one write and one fdatasync. `sync` resolves after the fdatasync of the commit
 * that holds the last line appended before it (TS-1).
 *
 * A failed write or sync poisons the log (TS-6): whether the lost bytes are on the disk cannot be known any more, and a second
 * fdatasync would say yes. The file is cut to the last acknowledged byte where the disk still allows that.
 *
 * Memory: at most `unsyncedBytes` of lines that are not acknowledged; more, or a line over `threadLogLineBytes`, poisons the log as
 * well.
 */
export class JsonlThreadLog implements ThreadLog {
  readonly #options: JsonlThreadLogOptions;
  #seq: number;
  #acknowledgedBytes: number;
  #unacknowledgedBytes = 0;
  #pending: string[] = [];
  /** The commit that is at work, or the last one. */
  #running: Promise<void> = Promise.resolve();
  /** The commit that will take what is pending; there is one exactly while anybody asked for it. */
  #next: Promise<void> | undefined;
  #failure: StoreError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: JsonlThreadLogOptions) {
    this.#options = options;
    this.#seq = options.nextSeq;
    this.#acknowledgedBytes = options.sizeBytes;
  }

  append(records: readonly ThreadRecord[]): void {
    if (this.#closing !== undefined) return;
    for (const record of records) {
      if (this.#failure !== undefined) return;
      this.#buffer(record);
    }
    // Its failure is kept for the next sync.
    if (this.#unacknowledgedBytes >= COMMIT_AT_BYTES) void this.#commitPending();
  }

  sync(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#closing !== undefined) {
      return Promise.reject(
        new StoreError('closed', `the log of thread ${this.#options.threadId} is closed`),
      );
    }
    return this.#commitPending();
  }

  /** Rejects with {@link StoreError} when something appended is not durable; the file and the lock are released all the same. */
  close(): Promise<void> {
    this.#closing ??= this.#close(this.#commitPending());
    return this.#closing;
  }

  #buffer(record: ThreadRecord): void {
    let line: string;
    try {
      line = encodeLine(this.#seq, record);
    } catch (error) {
      this.#poison('a record cannot be written as JSON', error);
      return;
    }
    const lineBytes = Buffer.byteLength(line);
    const waiting = this.#unacknowledgedBytes + lineBytes;
    if (lineBytes > LIMITS.threadLogLineBytes) {
      this.#poison(`a record is over the limit of ${LIMITS.threadLogLineBytes} bytes`);
    } else if (waiting > LIMITS.unsyncedBytes) {
      this.#poison(`more than ${LIMITS.unsyncedBytes} bytes wait for the disk`);
    } else if (this.#acknowledgedBytes + waiting > FILE_LIMIT_BYTES) {
      this.#poison(`its file would be over the limit of ${FILE_LIMIT_BYTES} bytes`);
    } else {
      this.#pending.push(line);
      this.#unacknowledgedBytes = waiting;
      this.#seq += 1;
    }
  }

  #commitPending(): Promise<void> {
    return this.#pending.length === 0 ? this.#running : this.#scheduleCommit();
  }

  #scheduleCommit(): Promise<void> {
    if (this.#next === undefined) {
      this.#next = this.#commit(this.#running);
      // Whoever waits is told; a commit that nobody asked for has only this.
      this.#next.catch(() => undefined);
    }
    return this.#next;
  }

  async #commit(previous: Promise<void>): Promise<void> {
    // Also waits out this tick, so that what is appended in it comes along.
    await previous;
    this.#running = this.#next ?? this.#running;
    this.#next = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    const bytes = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    const { file } = this.#options;
    try {
      await file.append(bytes);
      await file.datasync();
    } catch (error) {
      const failure = this.#poison(diskErrorCode(error) ?? 'the disk failed', error);
      await this.#cutToAcknowledged();
      throw failure;
    }
    this.#acknowledgedBytes += bytes.length;
    this.#unacknowledgedBytes -= bytes.length;
    this.#options.onCommitted();
  }

  #poison(reason: string, cause?: unknown): StoreError {
    const message = `thread ${this.#options.threadId} cannot be written until it is opened again: ${reason}`;
    this.#failure ??= new StoreError('io', message, { cause });
    this.#pending = [];
    return this.#failure;
  }

  async #cutToAcknowledged(): Promise<void> {
    const { file } = this.#options;
    try {
      await file.truncate(this.#acknowledgedBytes);
      await file.sync();
    } catch {
      // What stays behind the good prefix is whole lines, which may be kept, or a torn one, which recovery sets aside.
    }
  }

  async #close(lastCommit: Promise<void>): Promise<void> {
    await lastCommit.catch(() => undefined);
    const { file, release, threadId } = this.#options;
    const [closed] = await Promise.allSettled([file.close()]);
    const [released] = await Promise.allSettled([release()]);
    if (this.#failure !== undefined) throw this.#failure;
    for (const outcome of [closed, released]) {
      if (outcome.status === 'fulfilled') continue;
      throw new StoreError('io', `thread ${threadId} was not closed cleanly`, { cause: outcome.reason });
    }
  }
}
