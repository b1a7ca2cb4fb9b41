import {
  type KeptThread,
  type OpenedThread,
  StoreError,
  type ThreadLog,
  type ThreadMeta,
  type ThreadRecord,
  type ThreadStore,
} from '@millrace/core/ports';

/** Threads that one memory store keeps: enough for any test or session, and a leak of threads still ends somewhere. */
const THREADS_LIMIT = 10_000;

/**
 * Keeps threads in memory: for ephemeral threads and tests. Nothing survives the process.
 *
 * Behaves as the store on disk does, with one writer a thread. Records are kept as they are given, not copied.
 *
 * Memory: at most 10,000 threads; their records are bounded by whoever appends them.
 */
export function memoryStore(): ThreadStore {
  const threads = new Map<string, MemoryThread>();
  let isClosed = false;
  const checkOpen = (): void => {
    if (isClosed) throw new StoreError('closed', 'the store is closed');
  };
  return {
    pathOf: () => null,

    idOf: async () => undefined,

    create: async (meta: ThreadMeta): Promise<ThreadLog> => {
      checkOpen();
      if (threads.has(meta.id)) throw new StoreError('io', `thread ${meta.id} is there already`);
      if (threads.size === THREADS_LIMIT) {
        throw new StoreError('io', `the memory store is full: it holds ${THREADS_LIMIT} threads`);
      }
      const thread = new MemoryThread(meta);
      threads.set(meta.id, thread);
      return thread.openLog();
    },

    open: async (threadId: string): Promise<OpenedThread | undefined> => {
      checkOpen();
      const thread = threads.get(threadId);
      if (thread === undefined) return undefined;
      const log = thread.openLog();
      return { records: thread.records(), log, setAsideBytes: 0, lostLines: 0 };
    },

    read: async (threadId: string): Promise<readonly ThreadRecord[] | undefined> =>
      threads.get(threadId)?.records(),

    list: async (): Promise<readonly KeptThread[]> =>
      [...threads].map(([threadId, thread]) => ({ threadId, size: thread.records().length })),

    remove: async (threadId: string): Promise<boolean> => {
      checkOpen();
      threads.get(threadId)?.checkClosed();
      return threads.delete(threadId);
    },

    close: async (): Promise<void> => {
      isClosed = true;
      for (const thread of threads.values()) thread.closeLog();
    },
  };
}

class MemoryThread {
  readonly #id: string;
  readonly #records: ThreadRecord[];
  #openLog: ThreadLog | undefined;

  constructor(meta: ThreadMeta) {
    this.#id = meta.id;
    this.#records = [{ type: 'thread', meta }];
  }

  records(): readonly ThreadRecord[] {
    return [...this.#records];
  }

  checkClosed(): void {
    if (this.#openLog !== undefined) {
      throw new StoreError('locked', `thread ${this.#id} is open for writing already`);
    }
  }

  openLog(): ThreadLog {
    this.checkClosed();
    const log: ThreadLog = {
      append: (records) => {
        if (this.#openLog !== log) return;
        for (const record of records) this.#records.push(record);
      },
      sync: async () => {
        if (this.#openLog !== log) throw new StoreError('closed', `the log of thread ${this.#id} is closed`);
      },
      close: async () => {
        if (this.#openLog === log) this.#openLog = undefined;
      },
    };
    this.#openLog = log;
    return log;
  }

  closeLog(): void {
    this.#openLog = undefined;
  }
}
