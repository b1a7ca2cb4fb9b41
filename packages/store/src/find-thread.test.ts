import { describe, expect, it } from 'vitest';
import type { Disk } from './disk.js';
import { ThreadFinder } from './find-thread.js';

/** A disk of those directories that counts how often it is listed. */
const diskOf = (directories: Readonly<Record<string, readonly string[]>>) => {
  const counts = { listings: 0 };
  const disk: Pick<Disk, 'listDirectory'> = {
    listDirectory: async (path) => {
      counts.listings += 1;
      return directories[path] ?? [];
    },
  };
  return { disk, counts };
};

const TREE = {
  '/home/sessions': ['2025', '2026', 'x'],
  '/home/sessions/2025': ['12'],
  '/home/sessions/2025/12': ['31'],
  '/home/sessions/2025/12/31': ['rollout-2025-12-31T00-00-00-old.jsonl'],
  '/home/sessions/2026': ['01', '11'],
  '/home/sessions/2026/11': ['02', '21'],
  '/home/sessions/2026/11/21': [
    'rollout-2026-11-21T00-00-00-new.jsonl',
    'rollout-2026-11-21T00-00-01-other.jsonl',
    'rollout-2026-11-21T00-00-01-other.jsonl.set-aside-3',
    'notes.jsonl',
  ],
};

describe('ThreadFinder', () => {
  it('reads from the newest day backwards, no further than it must', async () => {
    const { disk, counts } = diskOf(TREE);
    const finder = new ThreadFinder(disk, '/home');
    expect(await finder.find('new')).toBe('/home/sessions/2026/11/21/rollout-2026-11-21T00-00-00-new.jsonl');
    expect(counts.listings).toBe(4);
    expect(await finder.find('old')).toBe('/home/sessions/2025/12/31/rollout-2025-12-31T00-00-00-old.jsonl');
  });

  it('remembers what it saw on the way, and forgets it when told', async () => {
    const { disk, counts } = diskOf(TREE);
    const finder = new ThreadFinder(disk, '/home');
    await finder.find('new');
    await finder.find('other');
    expect(counts.listings).toBe(4);
    finder.forget('other');
    await finder.find('other');
    expect(counts.listings).toBe(8);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await new ThreadFinder(diskOf({}).disk, '/home').find('new')).toBeUndefined();
    expect(await new ThreadFinder(diskOf(TREE).disk, '/home').find('notes')).toBeUndefined();
  });

  it('remembers 100,000 paths and forgets the oldest beyond that', async () => {
    const { disk, counts } = diskOf({});
    const finder = new ThreadFinder(disk, '/home');
    for (let index = 0; index <= 100_000; index += 1) finder.remember(`thread-${index}`, '/path');
    expect(await finder.find('thread-1')).toBe('/path');
    expect(counts.listings).toBe(0);
    expect(await finder.find('thread-0')).toBeUndefined();
  });
});
