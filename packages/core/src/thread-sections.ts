import { LIMITS, type ThreadSection, type Thread as ThreadView } from '@millrace/protocol';
import type { Clock, IdSource } from './ports.js';
import type { KeptSection, SectionedThread, SectionStore } from './section-store.js';

/** What a list shows of where a thread is. */
export type SectionOfThread = Pick<ThreadView, 'section' | 'sectionEnteredAt'>;

/** Where a thread is to go. */
export interface SectionMove {
  readonly threadId: string;
  /** Null: out of the section that it is in. */
  readonly sectionId: string | null;
  /** The thread that it is to stand before; undefined for the end. */
  readonly beforeThreadId: string | undefined;
}

export interface ThreadSectionsOptions {
  readonly store: SectionStore;
  readonly ids: IdSource;
  readonly clock: Pick<Clock, 'now'>;
}

type Change = (sections: readonly KeptSection[]) => readonly KeptSection[] | string;

const NOWHERE: SectionOfThread = { section: null, sectionEnteredAt: null };

/**
 * The sections that the user has made of their threads. They are the user's own and stand in no log of a thread.
 *
 * What is kept is read again before each change, so several servers of one home see each other's changes. Changes are made one after
 * the other. Every method that returns a promise rejects with `StoreError`, and then nothing has changed.
 */
export class ThreadSections {
  readonly #options: ThreadSectionsOptions;
  #sections: readonly KeptSection[] = [];
  #placeOf: ReadonlyMap<string, SectionOfThread> = new Map();
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: ThreadSectionsOptions) {
    this.#options = options;
  }

  /** Takes over what is kept. */
  async load(): Promise<void> {
    this.#takeOver((await this.#options.store.read()) ?? []);
  }

  /** All sections, oldest first, as they are kept now. The first one, for what is pinned, is made when somebody first asks. */
  async list(): Promise<readonly ThreadSection[]> {
    await this.#change((sections) => sections);
    return this.#sections.map(viewOf);
  }

  /** The section, or what is wrong. */
  async create(name: string, appearance: ThreadSection['appearance']): Promise<ThreadSection | string> {
    const section = { id: this.#options.ids.uuid(), name, appearance };
    const refusal = await this.#change((sections) => {
      if (sections.length >= LIMITS.threadSections)
        return `there are ${LIMITS.threadSections} sections already`;
      return [...sections, { ...section, threads: [] }];
    });
    return refusal ?? section;
  }

  /** The section as it is then; undefined when there is none of that id. An absent appearance stays. */
  async update(
    sectionId: string,
    {
      name,
      appearance,
    }: Pick<ThreadSection, 'name'> & { readonly appearance: ThreadSection['appearance'] | undefined },
  ): Promise<ThreadSection | undefined> {
    await this.#change((sections) => {
      const index = sections.findIndex(({ id }) => id === sectionId);
      const section = sections[index];
      if (section === undefined) return sections;
      const looks = appearance === undefined ? section.appearance : appearance;
      return sections.with(index, { ...section, name, appearance: looks });
    });
    const updated = this.#find(sectionId);
    return updated && viewOf(updated);
  }

  /** Removes a section; its threads are in none then. Returns whether there was one. */
  async delete(sectionId: string): Promise<boolean> {
    let isThere = false;
    await this.#change((sections) => {
      isThere = sections.some(({ id }) => id === sectionId);
      if (!isThere) return sections;
      return sections.filter(({ id }) => id !== sectionId);
    });
    return isThere;
  }

  /** Returns what is wrong with the move. Within a section a thread keeps the time at which it entered. */
  move(move: SectionMove): Promise<string | undefined> {
    const now = Math.floor(this.#options.clock.now() / 1_000);
    return this.#change((sections) => moved(sections, move, now));
  }

  /** A thread is gone for good. */
  async forget(threadId: string): Promise<void> {
    if (this.#placeOf.has(threadId))
      await this.#change((sections) => sections.map((section) => without(section, threadId)));
  }

  /** Where a thread is, as it was when the sections were last read or changed here. */
  sectionOf(threadId: string): SectionOfThread {
    return this.#placeOf.get(threadId) ?? NOWHERE;
  }

  /** The threads of a section in their order, or with null those of all sections; none where there is no such section. */
  threadsOf(sectionId: string | null): readonly string[] {
    if (sectionId === null) return [...this.#placeOf.keys()];
    return this.#find(sectionId)?.threads.map(({ threadId }) => threadId) ?? [];
  }

  #find(sectionId: string): KeptSection | undefined {
    return this.#sections.find(({ id }) => id === sectionId);
  }

  async #change(change: Change): Promise<string | undefined> {
    const changed = this.#lastChange.then(() => this.#changeKept(change));
    this.#lastChange = changed.catch(() => {});
    return changed;
  }

  async #changeKept(change: Change): Promise<string | undefined> {
    const { store, ids } = this.#options;
    const kept = await store.read();
    const before = kept ?? [{ id: ids.uuid(), name: 'Pinned', appearance: null, threads: [] }];
    const after = change(before);
    if (typeof after === 'string') return after;
    if (after !== kept) await store.write(after);
    this.#takeOver(after);
    return undefined;
  }

  #takeOver(sections: readonly KeptSection[]): void {
    this.#sections = sections;
    this.#placeOf = new Map(
      sections.flatMap((section) =>
        section.threads.map(({ threadId, enteredAt }) => [
          threadId,
          { section: viewOf(section), sectionEnteredAt: enteredAt },
        ]),
      ),
    );
  }
}

function moved(
  sections: readonly KeptSection[],
  { threadId, sectionId, beforeThreadId }: SectionMove,
  now: number,
): readonly KeptSection[] | string {
  const others = sections.map((section) => without(section, threadId));
  if (sectionId === null)
    return beforeThreadId === undefined ? others : 'beforeThreadId requires a non-null sectionId';
  if (beforeThreadId === threadId) return `thread ${threadId} cannot be moved before itself`;
  const target = sections.find(({ id }) => id === sectionId);
  if (target === undefined) return `section ${sectionId} does not exist`;
  const here = target.threads.find((entry) => entry.threadId === threadId);
  const all = others.reduce((count, { threads }) => count + threads.length, 0);
  if (all >= LIMITS.sectionedThreads) return `${LIMITS.sectionedThreads} threads are in sections already`;
  const threads = placed(
    without(target, threadId).threads,
    here ?? { threadId, enteredAt: now },
    beforeThreadId,
  );
  if (threads === undefined) return `before thread ${beforeThreadId} is not in section ${sectionId}`;
  return others.map((section) => (section.id === sectionId ? { ...section, threads } : section));
}

/** The threads with one more; undefined where the one that it is to stand before is not among them. */
function placed(
  threads: readonly SectionedThread[],
  entry: SectionedThread,
  beforeThreadId: string | undefined,
): readonly SectionedThread[] | undefined {
  if (beforeThreadId === undefined) return [...threads, entry];
  const index = threads.findIndex(({ threadId }) => threadId === beforeThreadId);
  return index === -1 ? undefined : threads.toSpliced(index, 0, entry);
}

function without(section: KeptSection, threadId: string): KeptSection {
  const threads = section.threads.filter((entry) => entry.threadId !== threadId);
  return threads.length === section.threads.length ? section : { ...section, threads };
}

function viewOf({ id, name, appearance }: KeptSection): ThreadSection {
  return { id, name, appearance };
}
