import type { ThreadMeta, ThreadRecord } from '@millrace/core/ports';
import { describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store.js';

const META: ThreadMeta = {
  id: '01900000-0000-7000-8000-000000000001',
  createdAt: 1_795_000_000,
  cwd: '/project',
  source: 'exec',
  originator: 'test',
  cliVersion: '0.1.0',
  model: 'scripted',
  modelProvider: 'scripted',
  forkedFromId: null,
};
const FIRST: ThreadRecord = { type: 'thread', meta: META };
const STARTED: ThreadRecord = { type: 'turnStarted', turnId: 'turn-1', startedAt: 1_795_000_001 };

describe('memoryStore', () => {
  it('keeps nothing on disk', () => {
    expect(memoryStore().pathOf(META)).toBeNull();
  });

  it('gives back the records in the order in which they were appended (TS-9)', async () => {
    const store = memoryStore();
    const log = await store.create(META);
    log.append([STARTED]);
    await log.sync();
    expect(await store.read(META.id)).toEqual([FIRST, STARTED]);
    await log.close();
    expect(await store.open(META.id)).toMatchObject({ records: [FIRST, STARTED], setAsideBytes: 0 });
  });

  it('knows no thread that was not created', async () => {
    const store = memoryStore();
    expect(await store.open(META.id)).toBeUndefined();
    expect(await store.read(META.id)).toBeUndefined();
  });

  it('has one writer a thread (TS-5)', async () => {
    const store = memoryStore();
    await store.create(META);
    await expect(store.open(META.id)).rejects.toMatchObject({ name: 'StoreError', code: 'locked' });
    await expect(store.create(META)).rejects.toMatchObject({ code: 'io' });
  });

  it('takes nothing through a log that was closed, whoever closed it', async () => {
    const store = memoryStore();
    const first = await store.create(META);
    await first.close();
    const second = await store.open(META.id);
    first.append([STARTED]);
    await first.close();
    await expect(first.sync()).rejects.toMatchObject({ code: 'closed' });
    await store.close();
    second?.log.append([STARTED]);
    await expect(second?.log.sync()).rejects.toMatchObject({ code: 'closed' });
    expect(await store.read(META.id)).toEqual([FIRST]);
  });

  it('opens nothing once it is closed', async () => {
    const store = memoryStore();
    await store.close();
    await store.close();
    await expect(store.create(META)).rejects.toMatchObject({ code: 'closed' });
    await expect(store.open(META.id)).rejects.toMatchObject({ code: 'closed' });
  });

  it('is bounded in threads', async () => {
    const store = memoryStore();
    for (let index = 0; index < 10_000; index += 1) await store.create({ ...META, id: `thread-${index}` });
    await expect(store.create(META)).rejects.toThrow('the memory store is full');
  });
});
