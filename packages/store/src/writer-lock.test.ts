import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDisk } from './node-disk.js';
import { type ProcessTable, systemProcessTable, UNKNOWN_START } from './process-table.js';
import { WriterLocks } from './writer-lock.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-locks-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** A process with that pid in a world where those live, each with its start. */
const processIn = (pid: number, living: ReadonlyMap<number, string>): ProcessTable => ({
  pid,
  startOf: async (other) => living.get(other),
});
const locksOf = (pid: number, living: ReadonlyMap<number, string>): WriterLocks =>
  new WriterLocks({ disk: nodeDisk, directory, processes: processIn(pid, living) });
const both = new Map([
  [1, 'monday'],
  [2, 'tuesday'],
]);

describe('WriterLocks', () => {
  it('gives a lock to one of two processes and names the owner to the other (TS-5)', async () => {
    await locksOf(1, both).acquire('thread');
    await expect(locksOf(2, both).acquire('thread')).rejects.toMatchObject({
      name: 'StoreError',
      code: 'locked',
      message: 'the thread is being written by process 1',
    });
  });

  it('gives a lock to one of two holders in the same process (TS-5)', async () => {
    await locksOf(1, both).acquire('thread');
    await expect(locksOf(1, both).acquire('thread')).rejects.toMatchObject({ code: 'locked' });
  });

  it('locks each thread by itself', async () => {
    const locks = locksOf(1, both);
    await locks.acquire('thread-a');
    await locks.acquire('thread-b');
    expect((await readdir(directory)).sort()).toEqual(['thread-a.lock', 'thread-b.lock']);
  });

  it('is free again after release and leaves no file behind', async () => {
    const lock = await locksOf(1, both).acquire('thread');
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
    const second = await locksOf(2, both).acquire('thread');
    await lock.release();
    await expect(locksOf(1, both).acquire('thread')).rejects.toMatchObject({ code: 'locked' });
    await second.release();
  });

  it('is taken over from a process that died', async () => {
    await locksOf(1, both).acquire('thread');
    const survivor = new Map([[2, 'tuesday']]);
    const lock = await locksOf(2, survivor).acquire('thread');
    expect(JSON.parse(await readFile(join(directory, 'thread.lock'), 'utf8'))).toMatchObject({ pid: 2 });
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is taken over from a process whose pid another one has now', async () => {
    await locksOf(1, both).acquire('thread');
    const reused = new Map([
      [1, 'friday'],
      [2, 'tuesday'],
    ]);
    const lock = await locksOf(2, reused).acquire('thread');
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is kept by an owner of whom only the pid is known', async () => {
    await locksOf(1, both).acquire('thread');
    const untold = new Map([
      [1, UNKNOWN_START],
      [2, 'tuesday'],
    ]);
    await expect(locksOf(2, untold).acquire('thread')).rejects.toMatchObject({ code: 'locked' });
  });

  it.each([
    '',
    'nonsense',
    'null',
    '{}',
    '{"pid":0,"startedAt":"x"}',
    '{"pid":1}',
    '{"pid":"1","startedAt":"x"}',
  ])('is taken over where its file says %j, which only a power loss can leave', async (text) => {
    await writeFile(join(directory, 'thread.lock'), text);
    const lock = await locksOf(1, both).acquire('thread');
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is taken over although earlier processes died in the middle of taking it over', async () => {
    for (const suffix of ['', '.takeover', '.takeover.takeover']) {
      await writeFile(join(directory, `thread.lock${suffix}`), '{"pid":9,"startedAt":"sunday"}');
    }
    const lock = await locksOf(1, both).acquire('thread');
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('gives up where too many processes died in the middle of taking it over', async () => {
    for (let depth = 0; depth < 5; depth += 1) {
      const suffix = '.takeover'.repeat(depth);
      await writeFile(join(directory, `thread.lock${suffix}`), '{"pid":9,"startedAt":"sunday"}');
    }
    await expect(locksOf(1, both).acquire('thread')).rejects.toMatchObject({ code: 'locked' });
  });

  it('is refused while another process takes it over', async () => {
    await writeFile(join(directory, 'thread.lock'), '{"pid":9,"startedAt":"sunday"}');
    await writeFile(join(directory, 'thread.lock.takeover'), '{"pid":2,"startedAt":"tuesday"}');
    await expect(locksOf(1, both).acquire('thread')).rejects.toThrow('process 2');
  });

  it('does not stumble over claims that dead processes left behind', async () => {
    await writeFile(join(directory, 'thread.lock.1-1'), '');
    const lock = await locksOf(1, both).acquire('thread');
    await lock.release();
    expect(await readdir(directory)).toEqual(['thread.lock.1-1']);
  });
});

describe('systemProcessTable', () => {
  it('knows since when this process lives, always in the same words', async () => {
    const startedAt = await systemProcessTable.startOf(process.pid);
    expect(startedAt).toMatch(/./);
    expect(await systemProcessTable.startOf(process.pid)).toBe(startedAt);
  });

  it('knows no process with a pid beyond all pids', async () => {
    expect(await systemProcessTable.startOf(2 ** 30)).toBeUndefined();
  });
});
