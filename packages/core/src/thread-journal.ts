import type { ThreadLog, ThreadStore } from './ports.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';

/** The log of one thread, which begins with its first turn. */
export class ThreadJournal {
  /** Undefined for an ephemeral thread, of which nothing is kept. */
  readonly #store: ThreadStore | undefined;
  #log: ThreadLog | undefined;
  #opening: Promise<void> | undefined;
  #isReadOnly = false;

  /** @param log The open log of a thread that was loaded. */
  constructor(store: ThreadStore | undefined, log: ThreadLog | undefined) {
    this.#store = store;
    this.#log = log;
  }

  /** True from the first record on. */
  get isOpen(): boolean {
    return this.#log !== undefined;
  }

  /** True when a sync has failed, so that nothing more can be kept before the thread is loaded again (TS-6). */
  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  /** Begins the log with those records, once; whoever comes while it is begun waits. Rejects with `StoreError`. */
  async open(meta: ThreadMeta, first: () => readonly ThreadRecord[]): Promise<void> {
    if (this.#store === undefined || this.#log !== undefined) return;
    this.#opening ??= this.#begin(this.#store, meta, first).finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
  }

  /** Keeps a record in memory until the next {@link sync}. Ignored before the log is open. */
  record(record: ThreadRecord): void {
    this.#log?.append([record]);
  }

  /** Resolves when everything recorded is on disk. Rejects with `StoreError`. */
  async sync(): Promise<void> {
    try {
      await this.#log?.sync();
    } catch (error) {
      this.#isReadOnly = true;
      throw error;
    }
  }

  /** Idempotent. Rejects with `StoreError` when something recorded is not on disk. */
  async close(): Promise<void> {
    await this.#log?.close();
  }

  async #begin(store: ThreadStore, meta: ThreadMeta, first: () => readonly ThreadRecord[]): Promise<void> {
    const log = await store.create(meta);
    log.append(first());
    this.#log = log;
  }
}
