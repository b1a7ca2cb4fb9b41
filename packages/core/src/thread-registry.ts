import type { Deadline } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import type { OpenedThread } from './ports.js';
import type { Settings } from './settings.js';
import { StoredThreads } from './stored-threads.js';
import { Thread } from './thread.js';
import { replayThread, type StoredThread } from './thread-replay.js';
import type { ToolFeatures } from './turn-context.js';

export interface NewThread {
  readonly settings: Settings;
  readonly features: ToolFeatures;
  readonly isEphemeral: boolean;
  /** Name of the client program that starts it. */
  readonly originator: string;
  /** Which surface the thread belongs to. */
  readonly source: string;
}

/** What a thread that was on disk goes on with. */
export interface Resumption {
  readonly settings: Settings;
  readonly features: ToolFeatures;
}

/** The threads that are loaded, by id. At most {@link LIMITS.loadedThreads}. */
export class ThreadRegistry {
  /** All threads of the store, whether they are loaded or not. */
  readonly stored: StoredThreads;
  readonly #ports: AgentPorts;
  readonly #onFault: (error: unknown) => void;
  readonly #threads = new Map<string, Thread>();
  /** Threads on their way from disk into memory. */
  readonly #loading = new Map<string, Promise<Thread | 'missing' | 'full' | 'closed'>>();
  #isClosed = false;

  constructor(ports: AgentPorts, onFault: (error: unknown) => void) {
    this.#ports = ports;
    this.stored = new StoredThreads(ports.store);
    this.#onFault = onFault;
  }

  /** Begins a thread. Nothing is written before its first turn. `'full'` and `'closed'` mean that nothing was done. */
  start({ settings, features, isEphemeral, originator, source }: NewThread): Thread | 'full' | 'closed' {
    if (this.#isClosed) return 'closed';
    if (this.#threads.size >= LIMITS.loadedThreads) return 'full';
    const { ids, clock, host } = this.#ports;
    const meta = {
      id: ids.uuid(),
      createdAt: Math.floor(clock.now() / 1_000),
      cwd: settings.cwd,
      source,
      originator,
      cliVersion: host.version,
      model: settings.model,
      modelProvider: settings.modelProvider,
      forkedFromId: null,
    };
    const thread = new Thread({
      ports: this.#ports,
      meta,
      settings,
      features,
      isEphemeral,
      onFault: this.#onFault,
    });
    this.#threads.set(meta.id, thread);
    return thread;
  }

  /**
   * Loads a thread of the store, or finds it loaded; `resume` says what it goes on with. Rejects with `StoreError`, code `locked`
   * when another process has it, and with whatever `resume` throws; then nothing was loaded.
   */
  async load(
    threadId: string,
    resume: (stored: StoredThread) => Resumption,
  ): Promise<Thread | 'missing' | 'full' | 'closed'> {
    const loaded = this.#threads.get(threadId);
    if (loaded !== undefined) return loaded;
    const loading = this.#loading.get(threadId) ?? this.#load(threadId, resume);
    this.#loading.set(threadId, loading);
    try {
      return await loading;
    } finally {
      this.#loading.delete(threadId);
    }
  }

  find(threadId: string): Thread | undefined {
    return this.#threads.get(threadId);
  }

  /**
   * Takes a thread out of memory: its turn is interrupted, its commands are killed, its log is closed. Returns whether it was
   * loaded. Bounded by the deadline.
   */
  async unload(threadId: string, deadline: Deadline): Promise<boolean> {
    const thread = this.#threads.get(threadId);
    if (thread === undefined) return false;
    await thread.shutdown(deadline);
    return this.#threads.delete(threadId);
  }

  /** Ids of the loaded threads, oldest first: they are UUIDv7. */
  loadedIds(): string[] {
    return [...this.#threads.keys()];
  }

  async #load(
    threadId: string,
    resume: (stored: StoredThread) => Resumption,
  ): Promise<Thread | 'missing' | 'full' | 'closed'> {
    if (this.#isClosed) return 'closed';
    if (this.#threads.size + this.#loading.size >= LIMITS.loadedThreads) return 'full';
    const opened = await this.#ports.store.open(threadId);
    if (opened === undefined) return 'missing';
    try {
      const stored = replayThread(opened.records);
      if (stored === undefined || stored.isArchived) return await abandon(opened, 'missing');
      const { settings, features } = resume(stored);
      // The server may have begun to shut down while the file was read.
      if (this.#isClosed) return await abandon(opened, 'closed');
      const { meta } = stored;
      const restored = { stored, log: opened.log };
      const options = { ports: this.#ports, meta, settings, features, restored, onFault: this.#onFault };
      const thread = new Thread({ ...options, isEphemeral: false });
      this.#threads.set(meta.id, thread);
      return thread;
    } catch (error) {
      await Promise.allSettled([opened.log.close()]);
      throw error;
    }
  }

  /** Starts no more threads and interrupts what runs in the others. Idempotent. */
  async shutdown(deadline: Deadline): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads.values()].map((thread) => thread.shutdown(deadline)));
  }
}

/** Closes a log that nobody will use; the outcome stands whatever the disk says. */
async function abandon<T>({ log }: OpenedThread, outcome: T): Promise<T> {
  await Promise.allSettled([log.close()]);
  return outcome;
}
