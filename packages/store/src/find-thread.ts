import { join } from 'node:path';
import { type Disk, diskErrorCode } from './disk.js';
import { SESSIONS_DIRECTORY, threadIdOfFile } from './thread-path.js';

/** Paths that are remembered; a longer list of threads is searched on disk again. About 200 bytes each. */
const KNOWN_LIMIT = 100_000;

const YEAR = /^\d{4}$/;
const MONTH_OR_DAY = /^\d\d$/;

/**
 * Finds the file of a thread by its id.
 *
 * What was seen is remembered; for anything else the tree is read from the newest day backwards until the id turns up. An id
 * that is nowhere costs one listing of the whole tree.
 */
export class ThreadFinder {
  readonly #disk: Pick<Disk, 'listDirectory'>;
  readonly #sessions: string;
  readonly #known = new Map<string, string>();

  constructor(disk: Pick<Disk, 'listDirectory'>, home: string) {
    this.#disk = disk;
    this.#sessions = join(home, SESSIONS_DIRECTORY);
  }

  /** The path of the thread's file; undefined when there is none. Rejects with the disk's own error. */
  async find(threadId: string): Promise<string | undefined> {
    const known = this.#known.get(threadId);
    if (known !== undefined) return known;
    for await (const day of this.#days()) {
      for (const fileName of await this.#list(day)) {
        const found = threadIdOfFile(fileName);
        if (found !== undefined) this.remember(found, join(day, fileName));
      }
      const path = this.#known.get(threadId);
      if (path !== undefined) return path;
    }
    return undefined;
  }

  /** Every thread file that is there, by the id in its name. Rejects with the disk's own error. */
  async all(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for await (const day of this.#days()) {
      for (const fileName of await this.#list(day)) {
        const threadId = threadIdOfFile(fileName);
        if (threadId !== undefined) found.set(threadId, join(day, fileName));
      }
    }
    return found;
  }

  remember(threadId: string, path: string): void {
    if (this.#known.size >= KNOWN_LIMIT && !this.#known.has(threadId)) this.#forgetOldest();
    this.#known.set(threadId, path);
  }

  forget(threadId: string): void {
    this.#known.delete(threadId);
  }

  #forgetOldest(): void {
    for (const threadId of this.#known.keys()) {
      this.#known.delete(threadId);
      return;
    }
  }

  /** The directories of all days, newest first. */
  async *#days(): AsyncGenerator<string, void, void> {
    for (const year of await this.#listNewestFirst(this.#sessions, YEAR)) {
      for (const month of await this.#listNewestFirst(year, MONTH_OR_DAY)) {
        yield* await this.#listNewestFirst(month, MONTH_OR_DAY);
      }
    }
  }

  async #listNewestFirst(directory: string, pattern: RegExp): Promise<readonly string[]> {
    const names = (await this.#list(directory)).filter((name) => pattern.test(name));
    return names
      .sort()
      .reverse()
      .map((name) => join(directory, name));
  }

  async #list(directory: string): Promise<readonly string[]> {
    try {
      return await this.#disk.listDirectory(directory);
    } catch (error) {
      const code = diskErrorCode(error);
      // Nothing was kept yet, or somebody put a file where a directory would be: no thread of ours is in there.
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      throw error;
    }
  }
}
