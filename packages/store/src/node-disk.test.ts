import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskErrorCode } from './disk.js';
import { nodeDisk } from './node-disk.js';
import { setAside } from './set-aside.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-disk-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('nodeDisk', () => {
  it('appends at the end, also after the file was cut', async () => {
    const path = join(directory, 'file');
    const file = await nodeDisk.openForAppend(path, 'new');
    await file.append(Buffer.from('one two'));
    await file.truncate(3);
    await file.append(Buffer.from(' three'));
    await file.datasync();
    await file.sync();
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('one three');
  });

  it('makes a new file only where there is none, and opens an existing one only where there is one', async () => {
    const path = join(directory, 'file');
    await expect(nodeDisk.openForAppend(path, 'existing')).rejects.toMatchObject({ code: 'ENOENT' });
    await (await nodeDisk.openForAppend(path, 'new')).close();
    await expect(nodeDisk.openForAppend(path, 'new')).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('reads a file up to the limit and none beyond it', async () => {
    const path = join(directory, 'file');
    await writeFile(path, 'four');
    expect(Buffer.from(await nodeDisk.readFile(path, 4)).toString()).toBe('four');
    await expect(nodeDisk.readFile(path, 3)).rejects.toMatchObject({ code: 'EFBIG' });
  });

  it('gives a second name only where it is free, and a new name always', async () => {
    const [first, second] = [join(directory, 'first'), join(directory, 'second')];
    await writeFile(first, '1');
    await nodeDisk.link(first, second);
    await expect(nodeDisk.link(first, second)).rejects.toMatchObject({ code: 'EEXIST' });
    await nodeDisk.unlink(first);
    await writeFile(first, '2');
    await nodeDisk.rename(first, second);
    expect(await readFile(second, 'utf8')).toBe('2');
    expect(await nodeDisk.listDirectory(directory)).toEqual(['second']);
  });

  it('makes one directory at a time and syncs it', async () => {
    const path = join(directory, 'a');
    await expect(nodeDisk.makeDirectory(join(path, 'b'))).rejects.toMatchObject({ code: 'ENOENT' });
    await nodeDisk.makeDirectory(path);
    await expect(nodeDisk.makeDirectory(path)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(nodeDisk.syncDirectory(path)).resolves.toBeUndefined();
  });
});

describe('diskErrorCode', () => {
  it('knows the code of an error of the platform and of nothing else', () => {
    expect(diskErrorCode(Object.assign(new Error('x'), { code: 'EIO' }))).toBe('EIO');
    for (const other of [new Error('x'), Object.assign(new Error('x'), { code: 5 }), { code: 'EIO' }, null]) {
      expect(diskErrorCode(other)).toBeUndefined();
    }
  });
});

describe('setAside', () => {
  it('gives up after 100 copies of one place, with all of them kept', async () => {
    const path = join(directory, 'file');
    await writeFile(`${path}.set-aside-7`, '');
    for (let copy = 2; copy <= 100; copy += 1) await writeFile(`${path}.set-aside-7-${copy}`, '');
    await expect(setAside(nodeDisk, path, 7, Buffer.from('x'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await nodeDisk.listDirectory(directory)).toHaveLength(100);
  });
});
