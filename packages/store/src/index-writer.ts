import { type Clock, sleep, yieldToMacrotask } from '@millrace/channel';
import {
  foldSummary,
  newSummary,
  searchableText,
  type ThreadRecord,
  type ThreadSummary,
} from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { type Disk, diskErrorCode, type FileStamp } from './disk.js';
import { type IndexDatabase, type Said, sqliteErrorCode } from './index-database.js';
import { FILE_START, readTail } from './thread-tail.js';

/** Milliseconds between two tries while another process writes the index. */
const BUSY_PAUSE_MS = 20;

/** The stamp of a file that was not read to its end, so that the next look at it goes on. */
const UNFINISHED: FileStamp = { sizeBytes: -1, modifiedAtMs: 0 };

/** Brings what an index says of single threads up to what their files say. */
export class IndexWriter {
  readonly #database: IndexDatabase;
  readonly #disk: Disk;
  readonly #clock: Clock;

  constructor(database: IndexDatabase, disk: Disk, clock: Clock) {
    this.#database = database;
    this.#disk = disk;
    this.#clock = clock;
  }

  /**
   * Reads what a file says since it was read last, or all of it where something else was changed; a file that is gone is forgotten.
   * What an aborted call has not come to is found by the next one.
   *
   * Rejects with the errors of the disk and of the library, and with the signal's reason.
   */
  async catchUp(threadId: string, path: string, signal: AbortSignal): Promise<void> {
    const stamp = await this.#stampOf(path);
    if (stamp === undefined) return this.forget(threadId);
    const known = this.#database.read(threadId);
    let from = known?.position ?? FILE_START;
    let summary = known?.summary;
    for (;;) {
      signal.throwIfAborted();
      const tail = await readTail(this.#disk, path, from);
      if (tail === 'changed') {
        from = FILE_START;
        summary = undefined;
        continue;
      }
      const { records, position: to, isAtEnd } = tail;
      summary = records.reduce(foldNext, summary);
      const said = records.flatMap((record) => saidIn(record) ?? []);
      const step = { threadId, stamp: isAtEnd ? stamp : UNFINISHED, from, to, summary, said };
      const outcome = await this.#patiently(() => this.#database.write(step));
      // Another process is at the same file, and reads it to its end.
      if (isAtEnd || outcome === 'outdated') return;
      from = to;
      await yieldToMacrotask();
    }
  }

  /** Takes a thread whose file is gone out of the index. */
  forget(threadId: string): Promise<void> {
    return this.#patiently(() => this.#database.remove(threadId));
  }

  async #stampOf(path: string): Promise<FileStamp | undefined> {
    try {
      return await this.#disk.stampOf(path);
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Tries again while another process writes, without holding up this one. */
  async #patiently<T>(work: () => T): Promise<T> {
    const untilMs = this.#clock.monotonic() + LIMITS.indexBusyMs;
    for (;;) {
      try {
        return work();
      } catch (error) {
        const isBusy = sqliteErrorCode(error)?.startsWith('SQLITE_BUSY') === true;
        if (!isBusy || this.#clock.monotonic() >= untilMs) throw error;
      }
      await sleep(this.#clock, BUSY_PAUSE_MS);
    }
  }
}

function saidIn(record: ThreadRecord): Said | undefined {
  if (record.type === 'turnStarted') return { type: 'turn', turnId: record.turnId };
  if (record.type === 'reverted') return { type: 'reverted', turnId: record.beforeTurnId };
  const text = record.type === 'item' ? searchableText(record.item) : undefined;
  return text === undefined ? undefined : { type: 'text', text };
}

/** The first record says which thread it is; without it there is no thread. */
function foldNext(summary: ThreadSummary | undefined, record: ThreadRecord): ThreadSummary | undefined {
  if (summary !== undefined) return foldSummary(summary, record);
  return record.type === 'thread' ? newSummary(record.meta) : undefined;
}
