import type { Deadline } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import type { DynamicTool } from './dynamic-tool.js';
import type { McpConfiguration } from './mcp-servers.js';
import type { OpenedThread } from './ports.js';
import { searchThreads } from './search-threads.js';
import type { Settings } from './settings.js';
import { StoredThreads } from './stored-threads.js';
import { Thread, type ThreadOptions } from './thread.js';
import { type ForkPoint, forkRecords, writeFork } from './thread-fork.js';
import type { FoundThread, ThreadQuery } from './thread-query.js';
import type { ThreadMeta } from './thread-record.js';
import { replayThread, type StoredThread } from './thread-replay.js';
import { revertRecords } from './thread-revert.js';
import type { ThreadFeatures } from './turn-context.js';

export interface NewThread extends Resumption {
  readonly isEphemeral: boolean;
  /** The tools that the client brings along. */
  readonly dynamicTools: readonly DynamicTool[];
  /** Name of the client program that starts it. */
  readonly originator: string;
  /** Which surface the thread belongs to. */
  readonly source: string;
}

/** What a thread begins with, or goes on with when it was on disk. */
export interface Resumption {
  readonly settings: Settings;
  readonly features: ThreadFeatures;
  readonly mcpServers: McpConfiguration;
}

/** A thread that begins as another one did. */
export interface Fork extends Pick<NewThread, 'isEphemeral' | 'originator' | 'source'> {
  readonly sourceId: string;
  readonly point: ForkPoint;
  readonly resume: (source: StoredThread) => Resumption;
}

export type ForkRefusal = 'missing' | 'turnNotFound' | 'turnInProgress' | 'full' | 'closed';

export type RevertRefusal = 'missing' | 'turnNotFound' | 'full' | 'closed';

/** The threads that are loaded, by id. At most `capacity`, with those on their way into memory or out of it. */
export class ThreadRegistry {
  /** All threads of the store, whether they are loaded or not. */
  readonly stored: StoredThreads;
  readonly #ports: AgentPorts;
  readonly #onFault: (error: unknown) => void;
  readonly #capacity: number;
  readonly #threads = new Map<string, Thread>();
  /** Threads on their way from disk into memory. */
  readonly #loading = new Map<string, Promise<Thread | 'missing' | 'full' | 'closed'>>();
  /** Threads on their way out of memory; what each of them waits for never rejects. */
  readonly #closing = new Map<string, { readonly thread: Thread; readonly closed: Promise<void> }>();
  /** Threads on their way into memory that have room there: loaded ones, forks, and those that a revert takes out for a moment. */
  #arriving = 0;
  #isClosed = false;
  #isDraining = false;

  constructor(ports: AgentPorts, onFault: (error: unknown) => void, capacity: number = LIMITS.loadedThreads) {
    this.#capacity = capacity;
    this.#ports = ports;
    this.stored = new StoredThreads(ports);
    this.#onFault = onFault;
  }

  /** Begins a thread. Nothing is written before its first turn. `'full'` and `'closed'` mean that nothing was done. */
  start({ settings, features, mcpServers, isEphemeral, ...origin }: NewThread): Thread | 'full' | 'closed' {
    if (this.#isClosed) return 'closed';
    if (this.#isFull) return 'full';
    const meta = this.#newMeta(settings, origin);
    return this.#add({ meta, settings, features, mcpServers, isEphemeral });
  }

  /**
   * Loads a thread of the store, or finds it loaded; `resume` says what it goes on with. Rejects with `StoreError`, code `locked`
   * when another process has it, and with whatever `resume` throws; then nothing was loaded.
   */
  async load(threadId: string, resume: Resume): Promise<Thread | 'missing' | 'full' | 'closed'> {
    const loaded = this.#threads.get(threadId);
    if (loaded !== undefined) return loaded;
    let loading = this.#loading.get(threadId);
    if (loading === undefined) {
      loading = this.#load(threadId, resume).finally(() => this.#loading.delete(threadId));
      this.#loading.set(threadId, loading);
    }
    return loading;
  }

  /**
   * Begins a thread with what another one says up to the end of a turn, or up to now. Rejects with `StoreError` and with whatever
   * `resume` throws; then nothing is loaded.
   */
  async fork(fork: Fork): Promise<Thread | ForkRefusal> {
    if (this.#isClosed) return 'closed';
    if (this.#isFull) return 'full';
    this.#arriving += 1;
    try {
      return await this.#fork(fork);
    } finally {
      this.#arriving -= 1;
    }
  }

  async #fork({ sourceId, point, resume, ...origin }: Fork): Promise<Thread | ForkRefusal> {
    await this.#closing.get(sourceId)?.closed;
    await this.#threads.get(sourceId)?.sync();
    const records = await this.#ports.store.read(sourceId);
    const source = records === undefined ? undefined : replayThread(records);
    if (records === undefined || source === undefined || source.isArchived) return 'missing';
    const inherited = forkRecords(records, point);
    if (typeof inherited === 'string') return inherited;
    const { settings, ...resumed } = resume(source);
    const { dynamicTools = [] } = source.meta;
    const meta = {
      ...this.#newMeta(settings, { ...origin, dynamicTools }),
      forkedFromId: sourceId,
    };
    const log = origin.isEphemeral ? undefined : await writeFork(this.#ports.store, meta, inherited);
    const stored = replayThread([{ type: 'thread', meta }, ...inherited]);
    // The server may have begun to shut down while the records were written.
    if (stored === undefined || this.#isClosed) {
      await Promise.allSettled([log?.close()]);
      return 'closed';
    }
    return this.#add({
      meta,
      settings,
      ...resumed,
      isEphemeral: origin.isEphemeral,
      restored: { stored, log },
    });
  }

  /** The thread of that id; one that is on its way out of memory is not there any more. */
  find(threadId: string): Thread | undefined {
    return this.#threads.get(threadId);
  }

  /** Like {@link find}, but for those who only look: they see a thread until it is gone. */
  peek(threadId: string): Thread | undefined {
    return this.#threads.get(threadId) ?? this.#closing.get(threadId)?.thread;
  }

  /**
   * The threads that a query asks for, loaded or not; a loaded one counts as it is now. Threads of which nothing is kept yet, and
   * ephemeral ones, are left out. Rejects with `StoreError`.
   */
  search(query: ThreadQuery): Promise<readonly FoundThread[]> {
    return searchThreads(query, this.#threads, this.stored);
  }

  /**
   * Takes a thread out of memory: its turn is interrupted, its commands are killed, its log is closed. Returns whether it was
   * loaded. Bounded by the deadline. Whoever loads it meanwhile waits until it is gone, and nobody else finds it. Rejects with
   * `StoreError` where something of it is not on disk; it is gone all the same.
   *
   * @param onGone Called once it is gone, before whoever waits to load it goes on.
   */
  async unload(threadId: string, deadline: Deadline, onGone: () => void = () => {}): Promise<boolean> {
    const thread = this.#threads.get(threadId);
    if (thread === undefined) {
      await this.#closing.get(threadId)?.closed;
      return false;
    }
    this.#threads.delete(threadId);
    const gone = thread.shutdown(deadline).finally(() => {
      this.#closing.delete(threadId);
      onGone();
    });
    this.#closing.set(threadId, { thread, closed: gone.catch(() => {}) });
    await gone;
    return true;
  }

  /**
   * Forgets that turn and everything after it; a turn that runs is interrupted first. Rejects with `StoreError`; then the thread is
   * not loaded, and is what it was before or what it should be.
   */
  async revert(threadId: string, beforeTurnId: string, deadline: Deadline): Promise<Thread | RevertRefusal> {
    const thread = this.#threads.get(threadId);
    if (thread === undefined || !thread.isKept) return 'missing';
    if (!thread.turns.all().some(({ id }) => id === beforeTurnId)) return 'turnNotFound';
    const { settings, features, mcp } = thread;
    let isArriving = false;
    try {
      await this.unload(threadId, deadline, () => {
        isArriving = true;
        this.#arriving += 1; // Nobody takes its room meanwhile.
      });
      const amended = await this.stored.amend(threadId, (stored) =>
        revertRecords(stored, beforeTurnId, this.#ports.ids),
      );
      return amended === undefined
        ? 'turnNotFound'
        : await this.#open(threadId, () => ({ settings, features, mcpServers: mcp.configuration }));
    } finally {
      if (isArriving) this.#arriving -= 1;
    }
  }

  /** The threads that can be found, in no particular order. */
  get loaded(): Iterable<Thread> {
    return this.#threads.values();
  }

  /** Ids of the loaded threads, oldest first: they are UUIDv7. */
  loadedIds(): string[] {
    return [...this.#threads.keys()];
  }

  /** True where no more threads fit, with those that are on their way into memory or out of it. */
  get #isFull(): boolean {
    return this.#threads.size + this.#closing.size + this.#arriving >= this.#capacity;
  }

  #newMeta(
    settings: Settings,
    { originator, source, dynamicTools }: Pick<NewThread, 'originator' | 'source' | 'dynamicTools'>,
  ): ThreadMeta {
    const { ids, clock, host } = this.#ports;
    return {
      id: ids.uuid(),
      createdAt: Math.floor(clock.now() / 1_000),
      cwd: settings.cwd,
      source,
      originator,
      cliVersion: host.version,
      model: settings.model,
      modelProvider: settings.modelProvider,
      forkedFromId: null,
      ...(dynamicTools.length > 0 && { dynamicTools }),
    };
  }

  #add(options: Omit<ThreadOptions, 'ports' | 'onFault'>): Thread {
    const thread = new Thread({ ...options, ports: this.#ports, onFault: this.#onFault });
    this.#threads.set(thread.threadId, thread);
    if (this.#isDraining) void thread.drain();
    return thread;
  }

  async #load(threadId: string, resume: Resume): Promise<Thread | 'missing' | 'full' | 'closed'> {
    await this.#closing.get(threadId)?.closed;
    if (this.#isClosed) return 'closed';
    if (this.#isFull) return 'full';
    this.#arriving += 1;
    try {
      return await this.#open(threadId, resume);
    } finally {
      this.#arriving -= 1;
    }
  }

  async #open(threadId: string, resume: Resume): Promise<Thread | 'missing' | 'closed'> {
    const opened = await this.#ports.store.open(threadId);
    if (opened === undefined) return 'missing';
    try {
      const stored = replayThread(opened.records);
      if (stored === undefined || stored.isArchived) return await abandon(opened, 'missing');
      const { settings, ...resumed } = resume(stored, opened.lostLines);
      // The server may have begun to shut down while the file was read.
      if (this.#isClosed) return await abandon(opened, 'closed');
      const { meta } = stored;
      const restored = { stored, log: opened.log };
      return this.#add({ meta, settings, ...resumed, isEphemeral: false, restored });
    } catch (error) {
      await Promise.allSettled([opened.log.close()]);
      throw error;
    }
  }

  /** Begins no more turns, in any thread. Resolves when those that run have ended. Idempotent. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await Promise.all([...this.#threads.values()].map((thread) => thread.drain()));
  }

  /** Starts no more threads and interrupts what runs in the others. Idempotent. */
  async shutdown(deadline: Deadline): Promise<void> {
    this.#isClosed = true;
    const closing = [...this.#closing.values()].map(({ closed }) => closed);
    const threads = [...this.#threads.values()].map((thread) => thread.shutdown(deadline));
    await Promise.all([...threads, deadline.race(Promise.all(closing))]);
  }
}

/**
 * Says what a stored thread goes on with.
 *
 * @param lostLines Of its file, see {@link OpenedThread}.
 */
type Resume = (stored: StoredThread, lostLines: number) => Resumption;

/** Closes a log that nobody will use; the outcome stands whatever the disk says. */
async function abandon<T>({ log }: OpenedThread, outcome: T): Promise<T> {
  await Promise.allSettled([log.close()]);
  return outcome;
}
