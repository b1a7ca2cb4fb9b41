import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClientFiles } from './node-client-files.js';

const files = createClientFiles(systemClock);
let directory = '';
const at = (name: string): string => join(directory, name);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-files-'));
  await writeFile(at('a.txt'), 'a');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('metadata', () => {
  it('follows a link and still says that it is one', async () => {
    await symlink(at('a.txt'), at('link'));
    expect(await files.metadata(at('link'))).toMatchObject({
      isFile: true,
      isDirectory: false,
      isSymlink: true,
    });
    expect((await files.metadata(at('a.txt'))).modifiedAtMs).toBeGreaterThan(0);
  });

  it('of a link that leads nowhere is refused', async () => {
    await symlink(at('missing'), at('link'));
    await expect(files.metadata(at('link'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a directory', () => {
  it('is listed by name, with links followed and broken ones neither file nor directory', async () => {
    await mkdir(at('d'));
    await symlink(at('d'), at('c'));
    await symlink(at('missing'), at('b'));
    expect(await files.readDirectory(directory)).toEqual([
      { fileName: 'a.txt', isDirectory: false, isFile: true },
      { fileName: 'b', isDirectory: false, isFile: false },
      { fileName: 'c', isDirectory: true, isFile: false },
      { fileName: 'd', isDirectory: true, isFile: false },
    ]);
  });

  it('that is not empty goes only when the whole tree shall go', async () => {
    await mkdir(at('d/e'), { recursive: true });
    const keep = files.remove(at('d'), { recursive: false, force: true });
    await expect(keep).rejects.toMatchObject({ code: 'ENOTEMPTY' });
    await files.remove(at('d'), { recursive: true, force: true });
    await expect(files.metadata(at('d'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is copied only with everything in it, links as links', async () => {
    await mkdir(at('d/e'), { recursive: true });
    await symlink('nowhere', at('d/e/link'));
    const refused = files.copy(at('d'), at('copy'), { recursive: false });
    await expect(refused).rejects.toMatchObject({ code: 'EISDIR' });
    await files.copy(at('d'), at('copy'), { recursive: true });
    expect(await readlink(at('copy/e/link'))).toBe('nowhere');
  });

  it('is not copied into itself, also not through a link', async () => {
    await mkdir(at('d'));
    await symlink(at('d'), at('link'));
    for (const target of [at('d/inside'), at('link/inside')]) {
      const copying = files.copy(at('d'), target, { recursive: true });
      await expect(copying).rejects.toMatchObject({ code: 'EINVAL' });
    }
    expect(await files.readDirectory(at('d'))).toEqual([]);
  });
});

describe('removing', () => {
  it('a link leaves what it leads to', async () => {
    await symlink(directory, at('link'));
    await files.remove(at('link'), { recursive: true, force: true });
    expect(await readFile(at('a.txt'), 'utf8')).toBe('a');
  });

  it('what is not there is refused unless forced', async () => {
    await files.remove(at('missing'), { recursive: true, force: true });
    const refused = files.remove(at('missing'), { recursive: true, force: false });
    await expect(refused).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('copying a file', () => {
  it('puts it over the destination', async () => {
    await writeFile(at('b.txt'), 'older and longer');
    await files.copy(at('a.txt'), at('b.txt'), { recursive: false });
    expect(await readFile(at('b.txt'), 'utf8')).toBe('a');
  });
});
