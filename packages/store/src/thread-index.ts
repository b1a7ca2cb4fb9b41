import { type Clock, createDeferred, Deadline, type Deferred, TaskGroup } from '@millrace/channel';
import type { FoundThread, ThreadQuery } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { type Disk, diskErrorCode, type FileStamp } from './disk.js';
import type { ThreadFinder } from './find-thread.js';
import { type IndexDatabase, sqliteErrorCode } from './index-database.js';
import { isDamage, openIndex, setIndexAside } from './index-file.js';
import { IndexWriter } from './index-writer.js';

export interface ThreadIndexOptions {
  /** The home, absolute. */
  readonly home: string;
  readonly disk: Disk;
  readonly finder: ThreadFinder;
  readonly clock: Clock;
  /** Told what went wrong with the index, each kind once. No thread is hurt by it: lists and searches look at the files instead. */
  readonly onFault: (error: unknown) => void;
}

/** Damaged indexes after which a process goes on without one. */
const DAMAGES_LIMIT = 3;

/** Files that are looked at together in a scan. */
const SCAN_BATCH = 64;

/**
 * Finds threads by what their files say, without reading the files again (TS-8): everything in it comes from them, and it is built
 * again whenever it is not there.
 *
 * Writers {@link touch} what they have changed and never wait; a background task reads it. The first query of a process also looks
 * at all files, and later ones have that done again once a minute, because other processes may have died before they could say what
 * they changed. A query waits for what was touched before it, and for the first scan, but not long: then it has no answer.
 *
 * Memory: at most `indexQueue` touched threads, and during a scan one name and one stamp for each file.
 */
export class ThreadIndex {
  readonly #options: ThreadIndexOptions;
  readonly #tasks: TaskGroup;
  readonly #scanning = new AbortController();
  readonly #faults = new Set<string>();
  #opened: Promise<IndexDatabase | undefined> | undefined;
  #isWorking = false;
  #isClosed = false;
  #endPause: (() => void) | undefined;
  /** Paths of the threads that changed, by id. */
  #touched = new Map<string, string>();
  /** Resolves when what is touched now has been read. */
  #nextRound: Deferred<void> = createDeferred();
  /** Resolves when what was touched before has been read. */
  #round: Promise<void> = Promise.resolve();
  /** Resolves after the next scan, with whether the index can be believed since. */
  #scan: Deferred<boolean> = createDeferred();
  #isScanDue = false;
  #isScanning = false;
  #isDamaged = false;
  #damages = 0;
  #scannedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ThreadIndexOptions) {
    this.#options = options;
    this.#tasks = new TaskGroup({ onFailure: ({ error }) => options.onFault(error) });
  }

  /** Has a thread's file read soon. Never waits, never fails. */
  touch(threadId: string, path: string): void {
    if (this.#touched.size < LIMITS.indexQueue || this.#touched.has(threadId))
      this.#touched.set(threadId, path);
    else this.#isScanDue = true;
    this.#wake();
  }

  /** The answer to a query; undefined where the index cannot give one now. Never rejects. */
  async find(query: ThreadQuery): Promise<readonly FoundThread[] | undefined> {
    if (this.#isClosed) return undefined;
    const { clock } = this.#options;
    const ageMs = clock.monotonic() - this.#scannedAtMs;
    if (ageMs >= LIMITS.indexRescanMs && !this.#isScanning) this.#isScanDue = true;
    this.#wake();
    this.#endPause?.();
    const caughtUp = await Deadline.after(clock, LIMITS.indexWaitMs).race(this.#caughtUp());
    if (caughtUp.type === 'expired' || !caughtUp.value) return undefined;
    try {
      return await (await this.#open())?.find(query);
    } catch (error) {
      if (!this.#isClosed) this.#fail(error);
      return undefined;
    }
  }

  /** Reads what was touched, then closes the index. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause?.();
    this.#scanning.abort(new Error('the index is closed'));
    this.#tasks.close();
    await this.#tasks.settled();
    const database = await this.#opened;
    this.#opened = undefined;
    database?.close();
  }

  /** Whether the index knows what was touched so far, and what other processes left behind. */
  async #caughtUp(): Promise<boolean> {
    const isBelievable = Number.isFinite(this.#scannedAtMs) || (await this.#scan.promise);
    await (this.#touched.size > 0 ? this.#nextRound.promise : this.#round);
    return isBelievable;
  }

  #wake(): void {
    if (this.#isWorking || (this.#touched.size === 0 && !this.#isScanDue)) return;
    const spawned = this.#tasks.spawn('thread index', () => this.#work());
    this.#isWorking = spawned === 'spawned';
  }

  async #work(): Promise<void> {
    await this.#pause();
    try {
      while (this.#touched.size > 0 || this.#isScanDue) await this.#catchUp();
    } finally {
      this.#isWorking = false;
    }
  }

  async #catchUp(): Promise<void> {
    const { disk, clock } = this.#options;
    try {
      if (this.#isDamaged) await this.#setAside();
      const database = await this.#open();
      if (database === undefined) return this.#giveUp();
      const writer = new IndexWriter(database, disk, clock);
      await this.#readTouched(writer);
      if (this.#isScanDue && !this.#isClosed) await this.#scanFiles(database, writer);
      else this.#isScanDue = false;
    } catch (error) {
      this.#fail(error);
      this.#endScan(false);
    }
  }

  /** A turn writes several times in a moment; one look at the end of it will do. */
  async #pause(): Promise<void> {
    if (this.#isClosed || this.#isScanDue) return;
    const pause = createDeferred<void>();
    this.#endPause = () => pause.resolve();
    const cancel = this.#options.clock.schedule(LIMITS.indexDelayMs, () => pause.resolve());
    await pause.promise;
    cancel();
    this.#endPause = undefined;
  }

  async #readTouched(writer: IndexWriter): Promise<void> {
    while (this.#touched.size > 0) {
      const [touched, round] = [this.#touched, this.#nextRound];
      this.#touched = new Map();
      this.#nextRound = createDeferred();
      this.#round = round.promise;
      const { signal } = new AbortController(); // These are few, and nobody else knows of them.
      try {
        for (const [threadId, path] of touched) await this.#read(writer, threadId, path, signal);
      } finally {
        round.resolve();
      }
    }
  }

  /** Looks at every file, and reads those that changed. */
  async #scanFiles(database: IndexDatabase, writer: IndexWriter): Promise<void> {
    const { signal } = this.#scanning;
    this.#isScanDue = false;
    this.#isScanning = true;
    const files = await this.#options.finder.all();
    const stamps = database.stamps();
    for (const threadId of stamps.keys()) if (!files.has(threadId)) await writer.forget(threadId);
    let isComplete = true;
    const left = [...files];
    while (left.length > 0 && !signal.aborted) {
      for (const [threadId, path] of await this.#changed(left.splice(0, SCAN_BATCH), stamps)) {
        await this.#readTouched(writer);
        isComplete = (await this.#read(writer, threadId, path, signal)) && isComplete;
        if (signal.aborted) break;
      }
    }
    this.#endScan(isComplete && !signal.aborted);
  }

  async #changed(
    files: readonly (readonly [string, string])[],
    stamps: ReadonlyMap<string, FileStamp>,
  ): Promise<readonly (readonly [string, string])[]> {
    const { disk } = this.#options;
    const isChanged = await Promise.all(
      files.map(async ([threadId, path]) => {
        const stamp = await disk.stampOf(path).catch(() => undefined);
        const known = stamps.get(threadId);
        return stamp?.sizeBytes !== known?.sizeBytes || stamp?.modifiedAtMs !== known?.modifiedAtMs;
      }),
    );
    return files.filter((_, index) => isChanged[index]);
  }

  #endScan(isComplete: boolean): void {
    if (isComplete) this.#scannedAtMs = this.#options.clock.monotonic();
    this.#isScanning = false;
    this.#scan.resolve(isComplete);
    this.#scan = createDeferred();
  }

  /** Whether the index knows of the file now; one that cannot be read itself is left out. */
  async #read(writer: IndexWriter, threadId: string, path: string, signal: AbortSignal): Promise<boolean> {
    try {
      await writer.catchUp(threadId, path, signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (isDamage(error)) throw error;
      this.#fail(error);
      return sqliteErrorCode(error) === undefined;
    }
  }

  async #open(): Promise<IndexDatabase | undefined> {
    const { disk, home } = this.#options;
    this.#opened ??= openIndex(disk, home).then(
      ({ database, damage }) => {
        if (damage !== undefined) this.#report(damage);
        return database;
      },
      (error: unknown) => {
        this.#report(error);
        return undefined;
      },
    );
    return this.#opened;
  }

  /** There is no index for this process. */
  #giveUp(): void {
    this.#touched.clear();
    this.#isScanDue = false;
    this.#nextRound.resolve();
    this.#endScan(false);
  }

  /** After an error of the library the index is not believed before the next whole scan; a damaged one is built again. */
  #fail(error: unknown): void {
    this.#report(error);
    if (sqliteErrorCode(error) === undefined) return;
    this.#scannedAtMs = Number.NEGATIVE_INFINITY;
    if (!isDamage(error)) return;
    this.#isDamaged = true;
    this.#isScanDue = true;
    this.#wake();
  }

  /** Puts the damaged index aside, so that the next one is new. A disk that damages one after the other gets no more. */
  async #setAside(): Promise<void> {
    const database = await this.#opened;
    this.#isDamaged = false;
    this.#damages += 1;
    database?.close();
    await setIndexAside(this.#options.disk, this.#options.home);
    this.#opened = this.#damages < DAMAGES_LIMIT ? undefined : Promise.resolve(undefined);
  }

  #report(error: unknown): void {
    const kind = sqliteErrorCode(error) ?? diskErrorCode(error) ?? 'other';
    if (this.#faults.has(kind)) return;
    this.#faults.add(kind);
    this.#options.onFault(error);
  }
}
