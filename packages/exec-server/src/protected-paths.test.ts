import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROTECTED_NAMES } from '@millrace/core/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isWithin } from './is-within.js';
import { protectedPaths } from './protected-paths.js';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'protected-paths-')));
});
afterEach(() => rm(root, { recursive: true }));

describe('protectedPaths', () => {
  it('names what exists', async () => {
    expect(await protectedPaths(root)).toEqual([]);
    for (const name of PROTECTED_NAMES) await mkdir(join(root, name));
    expect(await protectedPaths(root)).toEqual(PROTECTED_NAMES.map((name) => join(root, name)));
  });

  it('names what does not exist only where that is wanted', async () => {
    const names = PROTECTED_NAMES.map((name) => join(root, name));
    expect(await protectedPaths(root, { missing: 'included' })).toEqual(names);
  });

  it('names further paths that lie under the root, or are it', async () => {
    const home = join(root, 'home');
    await mkdir(home);
    await symlink('home', join(root, 'link'));
    expect(await protectedPaths(root, { others: [join(root, 'link'), tmpdir(), join(root, 'no')] })).toEqual([
      home,
    ]);
    expect(await protectedPaths(root, { others: [root] })).toEqual([root]);
  });

  it('follows a .git file to the directory that it names, when that is in the root', async () => {
    await mkdir(join(root, 'store'));
    await writeFile(join(root, '.git'), 'gitdir: store\n');
    expect(await protectedPaths(root)).toEqual([join(root, '.git'), join(root, 'store')]);
    await writeFile(join(root, '.git'), `gitdir: ${tmpdir()}\n`);
    expect(await protectedPaths(root)).toEqual([join(root, '.git')]);
  });

  it('protects the target of a link', async () => {
    await mkdir(join(root, 'store'));
    await symlink('store', join(root, '.git'));
    expect(await protectedPaths(root)).toEqual([join(root, 'store')]);
  });
});

describe('isWithin', () => {
  it('compares whole segments', () => {
    const cases = [
      ['/a', '/a'],
      ['/a/b', '/a'],
      ['/a', '/'],
      ['/ab', '/a'],
      ['/', '/a'],
    ] as const;
    expect(cases.map(([path, directory]) => isWithin(path, directory))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
