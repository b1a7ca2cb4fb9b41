import type { Thread as ThreadView, Turn as TurnView } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import { searchableText } from './message-text.js';
import { type KeptThread, StoreError, type ThreadStore } from './ports.js';
import { type FoundThread, selectThreads, type ThreadQuery } from './thread-query.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';
import { replayThread, type StoredThread } from './thread-replay.js';
import type { ThreadSections } from './thread-sections.js';
import { summaryOf, type ThreadSummary } from './thread-summary.js';
import { describeStoredThread } from './thread-view.js';

/** Threads that a list looks at where the store has no index, the newest; about 2 KiB of memory each. As the reference server. */
const LISTED_THREADS = 10_000;

interface CachedSummary {
  readonly size: number;
  /** Undefined for a file that cannot be read. */
  readonly summary: ThreadSummary | undefined;
}

/** The threads of the store, seen without loading them. Every method rejects with `StoreError`. */
export class StoredThreads {
  readonly #store: ThreadStore;
  readonly #sections: ThreadSections;
  #summaries: ReadonlyMap<string, CachedSummary> = new Map();

  constructor({ store, sections }: Pick<AgentPorts, 'store' | 'sections'>) {
    this.#store = store;
    this.#sections = sections;
  }

  /** A thread that is not loaded in the words of the protocol, with the given turns. */
  view(summary: ThreadSummary, turns: readonly TurnView[] = []): ThreadView {
    const { meta } = summary;
    const path = this.pathOf(meta);
    return describeStoredThread(summary, { path, ...this.#sections.sectionOf(meta.id), turns: [...turns] });
  }

  /** Where a thread is kept; null where nothing is kept on disk. */
  pathOf(meta: ThreadMeta): string | null {
    return this.#store.pathOf(meta);
  }

  /** The id of the thread that is kept at that absolute path; undefined when none is. */
  idOf(path: string): Promise<string | undefined> {
    return this.#store.idOf(path);
  }

  /** One thread, with its turns; undefined when there is none of that id. */
  async read(threadId: string): Promise<StoredThread | undefined> {
    const records = await this.#store.read(threadId);
    return records === undefined ? undefined : replayThread(records);
  }

  /**
   * The threads that a query asks for. Where the store has no index, the newest 10,000 threads are looked at themselves, and only
   * what has changed since the last call is read again. A thread that cannot be read is left out.
   */
  async find(query: ThreadQuery): Promise<readonly FoundThread[]> {
    const found = await this.#store.find?.(query);
    return found ?? selectThreads(await this.#listSummaries(), query, (summary) => this.#textsOf(summary));
  }

  /**
   * Adds records to a thread that is not loaded, and returns the thread as it is then.
   *
   * @param records Chosen by the thread as it was; `undefined`, which is also what comes back then, leaves it as it is.
   */
  async amend(
    threadId: string,
    records: (stored: StoredThread) => readonly ThreadRecord[] | undefined,
  ): Promise<StoredThread | undefined> {
    const opened = await this.#store.open(threadId);
    if (opened === undefined) return undefined;
    try {
      const stored = replayThread(opened.records);
      const added = stored && records(stored);
      if (added === undefined) return undefined;
      opened.log.append(added);
      await opened.log.sync();
      return replayThread([...opened.records, ...added]);
    } finally {
      await Promise.allSettled([opened.log.close()]);
    }
  }

  /** Removes a thread that is not loaded, for good. Returns whether there was one. */
  remove(threadId: string): Promise<boolean> {
    return this.#store.remove(threadId);
  }

  async #listSummaries(): Promise<readonly ThreadSummary[]> {
    const kept = [...(await this.#store.list())];
    kept.sort((a, b) => (a.threadId < b.threadId ? 1 : -1)); // Ids are UUIDv7: newest first.
    const summaries = new Map<string, CachedSummary>();
    for (const thread of kept.slice(0, LISTED_THREADS)) {
      const cached = this.#summaries.get(thread.threadId);
      const current = cached?.size === thread.size ? cached : await this.#summarize(thread);
      summaries.set(thread.threadId, current);
    }
    this.#summaries = summaries;
    return [...summaries.values()].flatMap(({ summary }) => summary ?? []);
  }

  async #summarize({ threadId, size }: KeptThread): Promise<CachedSummary> {
    const stored = await this.#readIfPossible(threadId);
    return { size, summary: stored && summaryOf(stored) };
  }

  async #textsOf({ meta, name }: ThreadSummary): Promise<readonly string[]> {
    const stored = await this.#readIfPossible(meta.id);
    const items = stored?.turns.flatMap((turn) => turn.items) ?? [];
    return [name ?? '', ...items.flatMap((item) => searchableText(item) ?? [])];
  }

  async #readIfPossible(threadId: string): Promise<StoredThread | undefined> {
    try {
      return await this.read(threadId);
    } catch (error) {
      if (error instanceof StoreError) return undefined;
      throw error;
    }
  }
}
