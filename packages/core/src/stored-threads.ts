import type { ThreadStore } from './ports.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';
import { replayThread, type StoredThread } from './thread-replay.js';

/** The threads of the store, seen without loading them. Every method rejects with `StoreError`. */
export class StoredThreads {
  readonly #store: ThreadStore;

  constructor(store: ThreadStore) {
    this.#store = store;
  }

  /** Where a thread is kept; null where nothing is kept on disk. */
  pathOf(meta: ThreadMeta): string | null {
    return this.#store.pathOf(meta);
  }

  /** One thread, with its turns; undefined when there is none of that id. */
  async read(threadId: string): Promise<StoredThread | undefined> {
    const records = await this.#store.read(threadId);
    return records === undefined ? undefined : replayThread(records);
  }

  /**
   * Adds a record to a thread that is not loaded, and returns the thread as it is then.
   *
   * @param applies Says of the thread as it was whether the record makes sense; `undefined` comes back where it does not.
   */
  async amend(
    threadId: string,
    record: ThreadRecord,
    applies: (stored: StoredThread) => boolean = () => true,
  ): Promise<StoredThread | undefined> {
    const opened = await this.#store.open(threadId);
    if (opened === undefined) return undefined;
    try {
      const stored = replayThread(opened.records);
      if (stored === undefined || !applies(stored)) return undefined;
      opened.log.append([record]);
      await opened.log.sync();
      return replayThread([...opened.records, record]);
    } finally {
      await Promise.allSettled([opened.log.close()]);
    }
  }

  /** Removes a thread that is not loaded, for good. Returns whether there was one. */
  remove(threadId: string): Promise<boolean> {
    return this.#store.remove(threadId);
  }
}
