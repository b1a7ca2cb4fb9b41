import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ThreadStore } from '@millrace/core/ports';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jsonlStore } from './jsonl-store.js';
import { memoryStore } from './memory-store.js';

const META = {
  createdAt: 1_700_000_000,
  cwd: '/project',
  source: 'vscode',
  originator: 'test',
  cliVersion: '1',
  model: 'm',
  modelProvider: 'p',
  forkedFromId: null,
};

async function jsonl(): Promise<ThreadStore> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-kept-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return jsonlStore({ directory });
}

describe.each([
  ['jsonl', jsonl],
  ['memory', async () => memoryStore()],
] as const)('the %s store', (_name, newStore) => {
  it('lists every thread, with a size that grows with each record', async () => {
    const store = await newStore();
    expect(await store.list()).toEqual([]);
    const log = await store.create({ ...META, id: 'a' });
    await (await store.create({ ...META, id: 'b', createdAt: 0 })).close();
    const before = new Map((await store.list()).map(({ threadId, size }) => [threadId, size]));
    expect([...before.keys()].sort()).toEqual(['a', 'b']);
    log.append([{ type: 'name', name: 'n' }]);
    await log.sync();
    const after = new Map((await store.list()).map(({ threadId, size }) => [threadId, size]));
    expect(after.get('a')).toBeGreaterThan(before.get('a') ?? 0);
    expect(after.get('b')).toBe(before.get('b'));
  });

  it('removes a thread for good, once nobody writes it', async () => {
    const store = await newStore();
    const log = await store.create({ ...META, id: 'a' });
    await expect(store.remove('a')).rejects.toMatchObject({ code: 'locked' });
    await log.close();
    expect(await store.remove('a')).toBe(true);
    expect(await store.remove('a')).toBe(false);
    expect(await store.read('a')).toBeUndefined();
    expect(await store.list()).toEqual([]);
  });
});
