import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalFileNames } from './file-names.js';
import { PROCESS_LIMITS } from './process-limits.js';

const never = new AbortController().signal;
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-search-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function write(...files: readonly (readonly [path: string, text: string])[]): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

async function read(...paths: readonly string[]): Promise<LocalFileNames> {
  const names = new LocalFileNames();
  const below = paths.length === 0 ? [''] : paths;
  await names.read(below.map((path) => ({ root: path, path: join(directory, path) })));
  return names;
}

async function found(query: string, names: LocalFileNames, limit = 50): Promise<readonly string[]> {
  const matches = await names.search(query, limit, never);
  return matches.map(({ path, isDirectory }) => (isDirectory ? `${path}/` : path));
}

describe('what is read', () => {
  it('leaves out what .gitignore names inside a repository, and nothing outside of one', async () => {
    await write(['one/.gitignore', 'x-*\n'], ['one/x-a', ''], ['two/.gitignore', 'x-*\n'], ['two/x-b', '']);
    await mkdir(join(directory, 'two/.git'));
    expect(await found('x-', await read())).toEqual(['one/x-a']);
  });

  it('honours .ignore everywhere and .git/info/exclude, the nearer file first', async () => {
    await write(
      ['.git/info/exclude', 'x-excluded\n'],
      ['.gitignore', '*.log\n'],
      ['x-excluded', ''],
      ['x-top.log', ''],
      ['sub/.gitignore', '!x-kept.log\n'],
      ['sub/x-kept.log', ''],
      ['sub/x-other.log', ''],
      ['sub/.ignore', 'x-own\n'],
      ['sub/x-own', ''],
    );
    expect(await found('x-', await read())).toEqual(['sub/x-kept.log']);
  });

  it('does not apply the rules of a repository to one inside it', async () => {
    await write(['.gitignore', 'x-*\n'], ['inner/x-a', ''], ['x-b', '']);
    await mkdir(join(directory, '.git'));
    await mkdir(join(directory, 'inner/.git'));
    expect(await found('x-', await read())).toEqual(['inner/x-a']);
  });

  it('applies the rules above a root, but reads a root that is itself left out', async () => {
    await write(['.gitignore', 'x-no\nout/\n'], ['in/x-no', ''], ['in/x-yes', ''], ['out/x-a', '']);
    await mkdir(join(directory, '.git'));
    expect(await found('x-', await read('in', 'out'))).toEqual(['x-a', 'x-yes']);
  });

  it('names links without following them, and not those that lead nowhere', async () => {
    await write(['real/x-file', '']);
    await symlink('real', join(directory, 'x-link'));
    await symlink('..', join(directory, 'real/x-loop'));
    await symlink('nothing', join(directory, 'x-broken'));
    expect(await found('x-', await read())).toEqual(['real/x-file', 'real/x-loop/', 'x-link/']);
  });

  it('passes over what is in .git, and over directories that are not there', async () => {
    await write(['.git/x-object', ''], ['x-file', '']);
    expect(await found('x-', await read('', 'nowhere'))).toEqual(['x-file']);
  });
});

describe('what is found', () => {
  it('comes best first, then by path, and no more than asked for', async () => {
    await write(['b/alpha', ''], ['a/alpha', ''], ['alphabet/one', ''], ['al-pha', '']);
    const names = await read();
    expect(await found('alpha', names)).toEqual([
      'a/alpha',
      'b/alpha',
      'al-pha',
      'alphabet/',
      'alphabet/one',
    ]);
    expect(await found('alpha', names, 2)).toEqual(['a/alpha', 'b/alpha']);
    expect(await found('', names)).toEqual([]);
  });

  it('says where it was found', async () => {
    await write(['root/sub/name', '']);
    expect(await (await read('root')).search('name', 1, never)).toEqual([
      expect.objectContaining({ root: 'root', path: 'sub/name', fileName: 'name', indices: [4, 5, 6, 7] }),
    ]);
  });

  it('stops at once when the search is aborted', async () => {
    await write(['name', '']);
    const names = await read();
    await expect(names.search('name', 1, AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more');
  });
});

it('a reader that is closed reads no further, and whoever waits goes on', async () => {
  await write(['name', '']);
  const names = new LocalFileNames();
  const grown = names.grown();
  names.close();
  await grown;
  await names.read([{ root: '', path: directory }]);
  expect(names.isComplete).toBe(true);
  expect(await found('name', names)).toEqual([]);
});

it('others run while many names are compared', async () => {
  const files = PROCESS_LIMITS.searchBatch * 2;
  for (let index = 0; index < files; index += 1) await write([`name-${index}`, '']);
  const names = await read();
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
  })();
  expect(await found('name', names, 1)).toHaveLength(1);
  isDone = true;
  await others;
  expect(turns).toBeGreaterThanOrEqual(2);
});
