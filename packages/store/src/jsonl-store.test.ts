import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ThreadMeta, ThreadRecord, ThreadStore } from '@millrace/core/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonlStore } from './jsonl-store.js';

let home: string;
let store: ThreadStore;

beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'millrace-store-')), 'deep', 'home');
  store = jsonlStore({ directory: home });
});

afterEach(async () => {
  await store.close();
  await rm(dirname(dirname(home)), { recursive: true });
});

const META: ThreadMeta = {
  id: '019abc00-0000-7000-8000-000000000001',
  // 2026-11-21T08:57:49Z
  createdAt: 1_795_251_469,
  cwd: '/project',
  source: 'exec',
  originator: 'test',
  cliVersion: '0.1.0',
  model: 'scripted',
  modelProvider: 'scripted',
  forkedFromId: null,
};
const FIRST: ThreadRecord = { type: 'thread', meta: META };
const turn = (startedAt: number): ThreadRecord => ({ type: 'turnStarted', turnId: 'turn', startedAt });

/** Creates the thread with those records after the first, closes it, and gives the path of its file. */
const keep = async (...records: readonly ThreadRecord[]): Promise<string> => {
  const log = await store.create(META);
  log.append(records);
  await log.close();
  return store.pathOf(META) ?? '';
};

describe('jsonlStore', () => {
  it('announces where a thread will be, before anything is written', async () => {
    expect(store.pathOf(META)).toBe(
      join(home, `sessions/2026/11/21/rollout-2026-11-21T08-57-49-${META.id}.jsonl`),
    );
    await expect(readdir(home)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('writes one line a record, the first when the thread is created (TS-1)', async () => {
    const log = await store.create(META);
    const path = store.pathOf(META) ?? '';
    const firstLine = /^\{"seq":0,"crc32":\d+,"item":\{"type":"thread","meta":\{.*\}\}\}\n$/;
    expect(await readFile(path, 'utf8')).toMatch(firstLine);
    log.append([turn(1), turn(2)]);
    await log.sync();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { seq: 0, item: FIRST },
      { seq: 1, item: turn(1) },
      { seq: 2, item: turn(2) },
    ]);
  });

  it('keeps everything for this user only', async () => {
    const path = await keep();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  it('gives the records back to the next process, which goes on where the last one ended (TS-2, TS-9)', async () => {
    await keep(turn(1));
    const next = jsonlStore({ directory: home });
    const opened = await next.open(META.id);
    expect(opened).toMatchObject({ records: [FIRST, turn(1)], setAsideBytes: 0 });
    opened?.log.append([turn(2)]);
    await next.close();
    expect(await store.read(META.id)).toEqual([FIRST, turn(1), turn(2)]);
  });

  it('knows no thread that was never created, whatever the id says', async () => {
    await keep();
    for (const id of ['019abc00-0000-7000-8000-000000000002', '../../etc/passwd', '', 'A', '\0']) {
      expect(await store.open(id)).toBeUndefined();
      expect(await store.read(id)).toBeUndefined();
    }
  });

  it.each([
    { ...META, id: '../escape' },
    { ...META, id: '' },
    { ...META, createdAt: Number.NaN },
    { ...META, createdAt: 253_402_300_800 },
  ])('refuses to create a thread that has no proper path (id $id, time $createdAt)', async (meta) => {
    await expect(store.create(meta)).rejects.toThrow(RangeError);
  });

  it('has one writer a thread, and frees the thread when that one closes (TS-5)', async () => {
    const log = await store.create(META);
    const other = jsonlStore({ directory: home });
    await expect(other.open(META.id)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(String(process.pid)),
    });
    await expect(other.create(META)).rejects.toMatchObject({ code: 'locked' });
    expect(await other.read(META.id)).toEqual([FIRST]);
    await log.close();
    expect(await other.open(META.id)).toMatchObject({ records: [FIRST] });
    await other.close();
  });

  it('does not create a thread twice, and leaves the first as it is', async () => {
    await keep(turn(1));
    await expect(store.create(META)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('EEXIST'),
    });
    expect(await store.open(META.id)).toMatchObject({ records: [FIRST, turn(1)] });
  });

  it('sets a torn tail aside before it cuts the file, and says how long it was (TS-3, TS-4)', async () => {
    const path = await keep(turn(1), turn(2));
    const whole = await readFile(path);
    await truncate(path, whole.length - 5);
    const opened = await store.open(META.id);
    expect(opened?.records).toEqual([FIRST, turn(1)]);
    const tail = await readFile(`${path}.set-aside-2`);
    expect(opened?.setAsideBytes).toBe(tail.length);
    expect(Buffer.concat([await readFile(path), tail])).toEqual(whole.subarray(0, -5));
    opened?.log.append([turn(3)]);
    await opened?.log.close();
    expect(await store.read(META.id)).toEqual([FIRST, turn(1), turn(3)]);
  });

  it('keeps every tail that it ever set aside (TS-4)', async () => {
    const path = await keep();
    for (const tail of ['one', 'two']) {
      await writeFile(path, tail, { flag: 'a' });
      await (await store.open(META.id))?.log.close();
    }
    expect(await readFile(`${path}.set-aside-1`, 'utf8')).toBe('one');
    expect(await readFile(`${path}.set-aside-1-2`, 'utf8')).toBe('two');
  });

  it('reads a damaged file without changing it (TS-4)', async () => {
    const path = await keep(turn(1));
    await writeFile(path, 'rubbish', { flag: 'a' });
    const before = await readFile(path);
    expect(await store.read(META.id)).toEqual([FIRST, turn(1)]);
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(dirname(path))).toHaveLength(1);
  });

  it('leaves a file alone whose first line is damaged', async () => {
    const path = await keep(turn(1));
    const damaged = (await readFile(path, 'utf8')).replace('/project', '/walk');
    await writeFile(path, damaged);
    await expect(store.open(META.id)).rejects.toMatchObject({ code: 'io' });
    await expect(store.read(META.id)).rejects.toMatchObject({ code: 'io' });
    expect(await readFile(path, 'utf8')).toBe(damaged);
    // The lock was given back.
    await expect(store.open(META.id)).rejects.toMatchObject({ code: 'io' });
  });

  it('knows no thread whose first line was never finished', async () => {
    const path = await keep();
    await truncate(path, 10);
    expect(await store.read(META.id)).toBeUndefined();
    expect(await store.open(META.id)).toBeUndefined();
    expect(await store.open(META.id)).toBeUndefined();
  });

  it('knows no thread whose file was removed by hand', async () => {
    const path = await keep();
    await unlink(path);
    expect(await store.read(META.id)).toBeUndefined();
    expect(await store.open(META.id)).toBeUndefined();
  });

  it('finds threads of any day among files that are not threads (TS-8)', async () => {
    const metas = [0, 86_400, 40_000_000].map((offset, index) => ({
      ...META,
      id: `thread-${index}`,
      createdAt: META.createdAt + offset,
    }));
    for (const meta of metas) await (await store.create(meta)).close();
    await mkdir(join(home, 'sessions/2026/notes'));
    await writeFile(join(home, 'sessions/readme.txt'), '');
    await writeFile(join(home, 'sessions/2030'), '');
    const next = jsonlStore({ directory: home });
    for (const meta of metas) expect(await next.read(meta.id)).toEqual([{ type: 'thread', meta }]);
  });

  it('tells what the disk refused without telling paths', async () => {
    await mkdir(dirname(home), { recursive: true });
    await writeFile(home, 'a file in the way');
    const error = await store.create(META).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'StoreError',
      code: 'io',
      message: expect.not.stringContaining(home),
    });
    await unlink(home);
  });

  it('writes what was appended when it closes, and opens nothing after', async () => {
    const log = await store.create(META);
    log.append([turn(1)]);
    await store.close();
    await store.close();
    expect(await store.read(META.id)).toEqual([FIRST, turn(1)]);
    await expect(log.sync()).rejects.toMatchObject({ code: 'closed' });
    await expect(store.open(META.id)).rejects.toMatchObject({ code: 'closed' });
    await expect(store.create(META)).rejects.toMatchObject({ code: 'closed' });
  });

  it('closes a thread that was on its way to being open', async () => {
    const creating = store.create(META);
    await store.close();
    const log = await creating;
    await expect(log.sync()).rejects.toMatchObject({ code: 'closed' });
    expect(await readdir(join(home, 'locks'))).toEqual([]);
  });

  it('makes the directory of the day again when it was removed', async () => {
    const path = await keep();
    await rm(dirname(path), { recursive: true });
    const meta = { ...META, id: 'thread-2' };
    await expect(store.create(meta)).rejects.toMatchObject({ code: 'io' });
    await (await store.create(meta)).close();
    expect(await store.read(meta.id)).toEqual([{ type: 'thread', meta }]);
  });
});
