import { describe, expect, it } from 'vitest';
import { FaultyDisk, type FaultyDiskOptions } from './faulty-disk.js';
import type { UnsyncedFate } from './simulated-file.js';

const LIMIT = 1_000_000;
const bytes = (length: number, value = 1): Uint8Array => new Uint8Array(length).fill(value);

/** A disk with a durable file of 100 ones, open, and the number of operations that took. */
const prepared = async (options: FaultyDiskOptions = { seed: 1 }) => {
  const disk = new FaultyDisk(options);
  const file = await disk.openForAppend('/file', 'new');
  await file.append(bytes(100));
  await file.datasync();
  await disk.syncDirectory('/');
  return { disk, file };
};
const PREPARATION = 4;

describe('FaultyDisk', () => {
  it('reads back what was written, cut, linked and renamed', async () => {
    const { disk, file } = await prepared();
    await file.truncate(2);
    await file.append(bytes(1, 7));
    await disk.link('/file', '/second');
    await disk.rename('/second', '/third');
    await disk.unlink('/file');
    expect(await disk.readFile('/third', LIMIT)).toEqual(Uint8Array.of(1, 1, 7));
    expect(await disk.listDirectory('/')).toEqual(['third']);
    expect(disk.operations).toBe(PREPARATION + 7);
    expect(disk.count('append')).toBe(2);
  });

  it('refuses what a file system refuses', async () => {
    const { disk, file } = await prepared();
    await disk.makeDirectory('/directory');
    await file.close();
    const refusals: readonly (readonly [string, Promise<unknown>])[] = [
      ['EEXIST', disk.openForAppend('/file', 'new')],
      ['ENOENT', disk.openForAppend('/none', 'existing')],
      ['EISDIR', disk.openForAppend('/directory', 'existing')],
      ['ENOTDIR', disk.listDirectory('/file')],
      ['ENOENT', disk.makeDirectory('/none/directory')],
      ['EEXIST', disk.makeDirectory('/directory')],
      ['EFBIG', disk.readFile('/file', 99)],
      ['EEXIST', disk.link('/file', '/directory')],
      ['EXDEV', disk.rename('/file', '/directory/file')],
      ['EBADF', file.append(bytes(1))],
    ];
    for (const [code, refusal] of refusals) await expect(refusal).rejects.toMatchObject({ code });
    await expect(disk.unlink('relative')).rejects.toThrow(TypeError);
  });

  it('drops what was not synced: bytes of a file and names of a directory', async () => {
    const { disk, file } = await prepared();
    await file.append(bytes(50));
    await (await disk.openForAppend('/unsynced', 'new')).close();
    const found = disk.restart('dropped', { seed: 1 });
    expect(await found.readFile('/file', LIMIT)).toEqual(bytes(100));
    expect(await found.listDirectory('/')).toEqual(['file']);
  });

  it('keeps what was not synced when only the process died', async () => {
    const { disk, file } = await prepared();
    await file.append(bytes(50));
    expect(await disk.restart('kept', { seed: 1 }).readFile('/file', LIMIT)).toEqual(bytes(150));
  });

  /** What is found of 2,000 more bytes, by seed. */
  const found = async (fate: UnsyncedFate, seed: number): Promise<Uint8Array> => {
    const { disk, file } = await prepared({ seed });
    await file.append(bytes(2_000));
    return disk.restart(fate, { seed }).readFile('/file', LIMIT);
  };
  const seeds = Array.from({ length: 50 }, (_, seed) => seed);

  it('tears a write between two sectors of 512 bytes', async () => {
    const contents = await Promise.all(seeds.map((seed) => found('torn', seed)));
    expect([...new Set(contents.map((each) => each.length))].sort((a, b) => a - b)).toEqual([
      100, 512, 1_024, 1_536, 2_048, 2_100,
    ]);
    expect(contents.every((each) => each.every((byte) => byte === 1))).toBe(true);
  });

  it('reorders sectors, so that later ones are there with zeros for earlier ones, and never touches synced bytes', async () => {
    const contents = await Promise.all(seeds.map((seed) => found('reordered', seed)));
    expect(contents.some((each) => each.includes(0))).toBe(true);
    for (const each of contents) expect(each.subarray(0, 100)).toEqual(bytes(100));
  });

  it('gives the same disk for the same seed', async () => {
    expect(await found('reordered', 7)).toEqual(await found('reordered', 7));
  });

  it('fails one operation with a part of its write, or all from then on that change something', async () => {
    const fail = { operation: PREPARATION + 1, code: 'ENOSPC' };
    const once = await prepared({ seed: 3, fail });
    await expect(once.file.append(bytes(100))).rejects.toMatchObject({ code: 'ENOSPC' });
    const { length } = await once.disk.readFile('/file', LIMIT);
    expect(length).toBeGreaterThan(100);
    expect(length).toBeLessThan(200);
    await expect(once.file.datasync()).resolves.toBeUndefined();

    const always = await prepared({ seed: 3, fail: { ...fail, persists: true } });
    await expect(always.file.append(bytes(1))).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(always.file.datasync()).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(always.disk.listDirectory('/')).resolves.toEqual(['file']);
  });

  it('loses for good what a failed sync was to write, though it can still be read', async () => {
    const { disk, file } = await prepared({ seed: 1, fail: { operation: PREPARATION + 2, code: 'EIO' } });
    await file.append(bytes(50));
    await expect(file.datasync()).rejects.toMatchObject({ code: 'EIO' });
    await file.datasync();
    expect(await disk.readFile('/file', LIMIT)).toEqual(bytes(150));
    expect(await disk.restart('dropped', { seed: 1 }).readFile('/file', LIMIT)).toEqual(bytes(100));
  });

  it('does nothing any more once the power is gone', async () => {
    const { disk, file } = await prepared({ seed: 1, powerLossAt: PREPARATION + 1 });
    await expect(file.append(bytes(1))).rejects.toMatchObject({ code: 'EIO' });
    await expect(disk.readFile('/file', LIMIT)).rejects.toMatchObject({ code: 'EIO' });
  });

  it('asks before each operation when it is to have its effect', async () => {
    const order: string[] = [];
    const disk = new FaultyDisk({
      seed: 1,
      before: async ({ kind, number }) => {
        order.push(`${number} ${kind}`);
      },
    });
    await disk.makeDirectory('/a');
    await disk.syncDirectory('/');
    expect(order).toEqual(['1 makeDirectory', '2 syncDirectory']);
  });
});
