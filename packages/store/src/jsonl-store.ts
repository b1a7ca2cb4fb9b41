import { basename, dirname, join, normalize, relative, sep } from 'node:path';
import {
  type FoundThread,
  type KeptThread,
  type OpenedThread,
  StoreError,
  type ThreadLog,
  type ThreadMeta,
  type ThreadQuery,
  type ThreadRecord,
  type ThreadStore,
} from '@millrace/core/ports';
import { type Disk, type DiskFile, diskErrorCode } from './disk.js';
import { makeDurableDirectory } from './durable-directory.js';
import { ThreadFinder } from './find-thread.js';
import { NEWLINE } from './line-format.js';
import { nodeDisk } from './node-disk.js';
import { type ProcessTable, systemProcessTable } from './process-table.js';
import { type Recovery, recoverLines } from './recover.js';
import { setAside } from './set-aside.js';
import { ThreadIndex, type ThreadIndexOptions } from './thread-index.js';
import { FILE_LIMIT_BYTES, JsonlThreadLog, type JsonlThreadLogOptions } from './thread-log.js';
import { isThreadId, type ThreadPath, threadIdOfFile, threadPath } from './thread-path.js';
import { type WriterLock, WriterLocks } from './writer-lock.js';

export interface JsonlStoreOptions {
  /** The home, absolute. Made when the first thread is, with everything in it for this user only. */
  readonly directory: string;
  /** The disk of this machine when absent. */
  readonly disk?: Disk;
  /** The processes of this machine when absent. */
  readonly processes?: ProcessTable;
  /** Keeps an index of the threads, for lists and searches; on the disk of this machine only. None when absent. */
  readonly index?: Pick<ThreadIndexOptions, 'clock' | 'onFault'>;
  /** Told of every thread of which lines were lost, when they have been set aside. */
  readonly onDamage?: (error: StoreError) => void;
}

/**
 * Keeps each thread as a file of lines: `<home>/sessions/YYYY/MM/DD/rollout-<time>-<threadId>.jsonl`, UTC.
 *
 * What was acknowledged survives the death of this process and, where the disk honours fsync, power loss. Opening keeps the
 * longest good prefix of a file and sets the rest aside in a file beside it. One process writes a thread at a time.
 */
export function jsonlStore(options: JsonlStoreOptions): ThreadStore {
  return new JsonlStore(options);
}

class JsonlStore implements ThreadStore {
  readonly #home: string;
  readonly #disk: Disk;
  readonly #locks: WriterLocks;
  readonly #finder: ThreadFinder;
  readonly #index: ThreadIndex | undefined;
  readonly #onDamage: JsonlStoreOptions['onDamage'];
  /** The open logs, at most one a thread; whoever opens them bounds their number. */
  readonly #logs = new Set<ThreadLog>();
  /** Logs on their way to being open, which closing waits for. */
  readonly #opening = new Set<Promise<unknown>>();
  /** The directory of the day that is known to be durable. */
  #durableDay: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: JsonlStoreOptions) {
    const { directory, disk = nodeDisk, processes = systemProcessTable, index } = options;
    this.#home = directory;
    this.#onDamage = options.onDamage;
    this.#disk = disk;
    this.#locks = new WriterLocks({ disk, directory: join(directory, 'locks'), processes });
    this.#finder = new ThreadFinder(disk, directory);
    this.#index = index && new ThreadIndex({ ...index, home: directory, disk, finder: this.#finder });
  }

  pathOf(meta: ThreadMeta): string {
    const { segments, fileName } = threadPath(meta.id, meta.createdAt);
    return join(this.#home, ...segments, fileName);
  }

  /** @throws {RangeError} for a meta whose id or time cannot be part of a path. */
  async create(meta: ThreadMeta): Promise<ThreadLog> {
    const place = threadPath(meta.id, meta.createdAt);
    return this.#whileOpening(meta.id, () => this.#create(meta, place));
  }

  open(threadId: string): Promise<OpenedThread | undefined> {
    return this.#whileOpening(threadId, () => this.#open(threadId));
  }

  async idOf(path: string): Promise<string | undefined> {
    const threadId = threadIdOfFile(basename(path));
    if (threadId === undefined) return undefined;
    try {
      return (await this.#find(threadId)) === normalize(path) ? threadId : undefined;
    } catch (error) {
      throw storeError(threadId, error);
    }
  }

  /** Lines that another process is writing at this moment may be missing; nothing is set aside or cut. */
  async read(threadId: string): Promise<readonly ThreadRecord[] | undefined> {
    try {
      const found = await this.#readFile(threadId);
      return found === undefined ? undefined : recoverThread(threadId, found.bytes)?.records;
    } catch (error) {
      throw storeError(threadId, error);
    }
  }

  /** A thread that is removed meanwhile is left out. */
  async list(): Promise<readonly KeptThread[]> {
    try {
      const kept: KeptThread[] = [];
      for (const [threadId, path] of await this.#finder.all()) {
        const size = await this.#sizeOf(path);
        if (size !== undefined) kept.push({ threadId, size });
      }
      return kept;
    } catch (error) {
      throw new StoreError('io', `threads cannot be listed: ${reasonOf(error)}`, { cause: error });
    }
  }

  async find(query: ThreadQuery): Promise<readonly FoundThread[] | undefined> {
    return this.#index?.find(query);
  }

  remove(threadId: string): Promise<boolean> {
    return this.#whileOpening(threadId, () => this.#remove(threadId));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Closing is known before anything else happens, so nothing is added to either set from here on.
    await Promise.allSettled(this.#opening);
    const outcomes = await Promise.allSettled([...this.#logs].map((log) => log.close()));
    await this.#index?.close();
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #whileOpening<T>(threadId: string, work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new StoreError('closed', 'the store is closed');
    const opening = work();
    this.#opening.add(opening);
    try {
      return await opening;
    } catch (error) {
      // The directory may have been removed, so the next thread makes sure of it again.
      this.#durableDay = undefined;
      throw storeError(threadId, error);
    } finally {
      this.#opening.delete(opening);
    }
  }

  async #create(meta: ThreadMeta, place: ThreadPath): Promise<ThreadLog> {
    const lock = await this.#locks.acquire(meta.id);
    return releasedOnFailure(lock, async () => {
      const day = await this.#makeDay(place.segments);
      const path = join(day, place.fileName);
      const file = await this.#disk.openForAppend(path, 'new');
      const log = this.#logOf(meta.id, lock, { path, file, sizeBytes: 0, nextSeq: 0 });
      try {
        log.append([{ type: 'thread', meta }]);
        await log.sync();
        await this.#disk.syncDirectory(day);
      } catch (error) {
        await Promise.allSettled([log.close(), this.#disk.unlink(path)]);
        throw error;
      }
      this.#finder.remember(meta.id, path);
      return log;
    });
  }

  async #open(threadId: string): Promise<OpenedThread | undefined> {
    if ((await this.#find(threadId)) === undefined) return undefined;
    const lock = await this.#locks.acquire(threadId);
    return releasedOnFailure(lock, async () => {
      // Read only now: until it was locked, somebody else may have written it.
      const found = await this.#readFile(threadId);
      const recovery = found && recoverThread(threadId, found.bytes);
      if (found === undefined || recovery === undefined) {
        await lock.release();
        return undefined;
      }
      const { records } = recovery;
      const rest = found.bytes.subarray(recovery.validBytes);
      const lostLines = linesIn(rest);
      if (rest.length > 0) await setAside(this.#disk, found.path, records.length, rest);
      if (lostLines > 0) this.#onDamage?.(damageOf(threadId, lostLines));
      const file = await this.#openDurable(found.path, rest.length > 0 ? recovery.validBytes : undefined);
      const start = { path: found.path, file, sizeBytes: recovery.validBytes, nextSeq: records.length };
      return { records, log: this.#logOf(threadId, lock, start), setAsideBytes: rest.length, lostLines };
    });
  }

  async #remove(threadId: string): Promise<boolean> {
    if ((await this.#find(threadId)) === undefined) return false;
    const lock = await this.#locks.acquire(threadId);
    try {
      const path = await this.#find(threadId);
      this.#finder.forget(threadId);
      if (path === undefined) return false;
      await this.#disk.unlink(path);
      await this.#disk.syncDirectory(dirname(path));
      this.#index?.touch(threadId, path);
      return true;
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return false;
      throw error;
    } finally {
      await Promise.allSettled([lock.release()]);
    }
  }

  async #sizeOf(path: string): Promise<number | undefined> {
    try {
      return (await this.#disk.stampOf(path)).sizeBytes;
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /**
   * Opens a file, cut to that size if one is given, and makes durable what is in it and that it is there: the writer before us
   * may have died before it could.
   */
  async #openDurable(path: string, sizeBytes: number | undefined): Promise<DiskFile> {
    const day = await this.#makeDay(relative(this.#home, dirname(path)).split(sep));
    const file = await this.#disk.openForAppend(path, 'existing');
    try {
      if (sizeBytes !== undefined) await file.truncate(sizeBytes);
      await file.sync();
      await this.#disk.syncDirectory(day);
      return file;
    } catch (error) {
      await Promise.allSettled([file.close()]);
      throw error;
    }
  }

  /** Makes the directory of a day durable in its parents, once for each day after another. */
  async #makeDay(segments: readonly string[]): Promise<string> {
    const day = join(this.#home, ...segments);
    if (this.#durableDay === day) return day;
    await makeDurableDirectory(this.#disk, this.#home, segments);
    this.#durableDay = day;
    return day;
  }

  #logOf(
    threadId: string,
    lock: WriterLock,
    {
      path,
      ...start
    }: Pick<JsonlThreadLogOptions, 'file' | 'sizeBytes' | 'nextSeq'> & { readonly path: string },
  ): ThreadLog {
    const log = new JsonlThreadLog({
      ...start,
      threadId,
      onCommitted: () => this.#index?.touch(threadId, path),
      release: () => {
        this.#logs.delete(log);
        return lock.release();
      },
    });
    this.#logs.add(log);
    return log;
  }

  async #find(threadId: string): Promise<string | undefined> {
    return isThreadId(threadId) ? this.#finder.find(threadId) : undefined;
  }

  async #readFile(
    threadId: string,
  ): Promise<{ readonly path: string; readonly bytes: Uint8Array } | undefined> {
    const path = await this.#find(threadId);
    if (path === undefined) return undefined;
    try {
      return { path, bytes: await this.#disk.readFile(path, FILE_LIMIT_BYTES) };
    } catch (error) {
      if (diskErrorCode(error) !== 'ENOENT') throw error;
      // Somebody removed it; the next search finds out whether it is somewhere else.
      this.#finder.forget(threadId);
      return undefined;
    }
  }
}

/**
 * What the file of a thread says; undefined where its first line was never finished, so that the thread was never announced.
 *
 * @throws {StoreError} `io` where there are lines but the first one is damaged: cutting would leave nothing.
 */
function recoverThread(threadId: string, bytes: Uint8Array): Recovery | undefined {
  const recovery = recoverLines(bytes);
  if (recovery.records.length > 0) return recovery;
  if (!bytes.includes(NEWLINE)) return undefined;
  throw new StoreError('io', `the first line of thread ${threadId} is damaged; its file was left as it is`);
}

function linesIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => (byte === NEWLINE ? count + 1 : count), 0);
}

function damageOf(threadId: string, lines: number): StoreError {
  return new StoreError('io', `the last ${lines} lines of thread ${threadId} are damaged and were set aside`);
}

async function releasedOnFailure<T>(lock: WriterLock, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await Promise.allSettled([lock.release()]);
    throw error;
  }
}

/** What the disk refused, without the paths that its own message has; those are in the cause. */
function storeError(threadId: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError('io', `thread ${threadId} cannot be opened: ${reasonOf(error)}`, { cause: error });
}

function reasonOf(error: unknown): string {
  return diskErrorCode(error) ?? 'the disk failed';
}
