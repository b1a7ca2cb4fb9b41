import { describe, expect, it } from 'vitest';
import { StoreError } from './ports.js';
import type { KeptSection, SectionStore } from './section-store.js';
import { ThreadSections } from './thread-sections.js';

/** A store in memory whose next write can be refused. */
class MemorySections implements SectionStore {
  kept: readonly KeptSection[] | undefined;
  writes = 0;
  refuses = false;

  async read(): Promise<readonly KeptSection[] | undefined> {
    return this.kept;
  }

  async write(sections: readonly KeptSection[]): Promise<void> {
    if (this.refuses) throw new StoreError('io', 'the disk is full');
    this.kept = sections;
    this.writes += 1;
  }
}

function sectionsOver(store: SectionStore): ThreadSections {
  let count = 0;
  const uuid = (): string => {
    count += 1;
    return `s${count}`;
  };
  const ids = { uuid, integer: () => count };
  return new ThreadSections({ store, ids, clock: { now: () => count * 1_000 } });
}

async function newSection(sections: ThreadSections, name: string): Promise<string> {
  const section = await sections.create(name, null);
  if (typeof section === 'string') throw new Error(section);
  return section.id;
}

const place = (sectionId: string | null, threadId: string, beforeThreadId?: string) => ({
  sectionId,
  threadId,
  beforeThreadId,
});

describe('sections', () => {
  it('asked for at the same time are all kept, one after the other', async () => {
    const store = new MemorySections();
    const sections = sectionsOver(store);
    await Promise.all(['a', 'b', 'c'].map((name) => sections.create(name, null)));
    expect(store.kept?.map(({ name }) => name)).toEqual(['Pinned', 'a', 'b', 'c']);
  });

  it('of two servers over one store do not undo each other', async () => {
    const store = new MemorySections();
    const [one, other] = [sectionsOver(store), sectionsOver(store)];
    const sectionId = await newSection(one, 'a');
    await other.move(place(sectionId, 't'));
    await one.create('b', null);
    expect(one.sectionOf('t').section).toMatchObject({ name: 'a' });
  });

  it('are as they were when the store refuses a change, and go on after it', async () => {
    const store = new MemorySections();
    const sections = sectionsOver(store);
    const sectionId = await newSection(sections, 'a');
    store.refuses = true;
    await expect(sections.move(place(sectionId, 't'))).rejects.toThrow('the disk is full');
    expect(sections.sectionOf('t').section).toBeNull();
    store.refuses = false;
    expect(await sections.move(place(sectionId, 't'))).toBeUndefined();
    expect(sections.threadsOf(sectionId)).toEqual(['t']);
  });

  it('write nothing where nothing changes', async () => {
    const store = new MemorySections();
    const sections = sectionsOver(store);
    await sections.list();
    const { writes } = store;
    await sections.list();
    await sections.delete('nope');
    await sections.update('nope', { name: 'x', appearance: null });
    expect(await sections.move(place('nope', 't'))).toBe('section nope does not exist');
    expect(store.writes).toBe(writes);
  });
});

describe('a thread that is moved', () => {
  it('keeps the time at which it entered while it stays in the section, and is in one section only', async () => {
    const sections = sectionsOver(new MemorySections());
    const a = await newSection(sections, 'a');
    await sections.move(place(a, 't'));
    await sections.move(place(a, 'u'));
    const { sectionEnteredAt } = sections.sectionOf('t');
    const b = await newSection(sections, 'b');
    await sections.move(place(a, 't'));
    expect(sections.threadsOf(a)).toEqual(['u', 't']);
    expect(sections.sectionOf('t')).toMatchObject({ sectionEnteredAt });
    await sections.move(place(b, 't'));
    expect(sections.threadsOf(a)).toEqual(['u']);
    expect(sections.sectionOf('t').sectionEnteredAt).toBeGreaterThan(sectionEnteredAt ?? 0);
  });

  it('that is gone for good is in no section', async () => {
    const sections = sectionsOver(new MemorySections());
    const a = await newSection(sections, 'a');
    await sections.move(place(a, 't'));
    await sections.forget('t');
    expect(sections.threadsOf(a)).toEqual([]);
  });

  it('is refused when a thousand are in sections already', async () => {
    const store = new MemorySections();
    const threads = Array.from({ length: 1_000 }, (_, index) => ({ threadId: `t${index}`, enteredAt: 1 }));
    store.kept = [{ id: 'full', name: 'full', appearance: null, threads }];
    const sections = sectionsOver(store);
    expect(await sections.move(place('full', 'one more'))).toBe('1000 threads are in sections already');
    expect(await sections.move(place('full', 't3', 't0'))).toBeUndefined();
    expect(sections.threadsOf('full').slice(0, 2)).toEqual(['t3', 't0']);
  });
});
