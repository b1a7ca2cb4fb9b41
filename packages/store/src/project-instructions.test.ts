import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LIMITS } from '@millrace/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectInstructionsConfig } from './config.js';
import { nodeDisk } from './node-disk.js';
import { directoriesOfProject, readProjectInstructions } from './project-instructions.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-instructions-'));
});

afterEach(() => rm(root, { recursive: true }));

const at = (...names: string[]): string => join(root, ...names);

async function put(path: string, text = ''): Promise<string> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), text);
  return at(path);
}

function read(cwd: string, config: Partial<ProjectInstructionsConfig> = {}) {
  const defaults = { maxBytes: 1_000, fallbackFilenames: [], rootMarkers: ['.git'] };
  return readProjectInstructions(at(cwd), {
    disk: nodeDisk,
    home: at('home'),
    config: { ...defaults, ...config },
  });
}

describe('readProjectInstructions', () => {
  it('joins those of the home and of every directory from the root of the project down', async () => {
    await put('AGENTS.md', 'outside');
    await put('project/.git/HEAD');
    const sources = [
      await put('home/AGENTS.md', 'mine\n'),
      await put('project/AGENTS.md', 'root\n'),
      await put('project/a/b/AGENTS.md', 'deep'),
    ];
    await put('project/a/b/c/AGENTS.md', 'below');
    expect(await read('project/a/b')).toEqual({
      sources,
      text: 'mine\n\n--- project-doc ---\n\nroot\n\n\ndeep',
    });
  });

  it('takes one file of a directory: the override, else AGENTS.md, else the first of the other names', async () => {
    await put('project/.git/HEAD');
    await put('project/AGENTS.md', 'no');
    const override = await put('project/AGENTS.override.md', 'yes');
    await put('project/a/OTHER.md', 'no');
    const other = await put('project/a/NOTES.md', 'notes');
    const found = await read('project/a', { fallbackFilenames: ['NOTES.md', 'OTHER.md'] });
    expect(found).toEqual({ sources: [override, other], text: 'yes\n\nnotes' });
    expect((await read('project/a')).sources).toEqual([override]);
  });

  it('reads only the directory itself where it is in no project', async () => {
    await put('AGENTS.md', 'above');
    const own = await put('a/AGENTS.md', 'own');
    expect((await read('a', { rootMarkers: ['no-such-marker'] })).sources).toEqual([own]);
  });

  it('has no text where there are no files, and where they are blank', async () => {
    await put('project/.git/HEAD');
    expect(await read('project')).toEqual({ sources: [], text: null });
    const blank = await put('project/AGENTS.md', ' \n');
    expect(await read('project')).toEqual({ sources: [blank], text: null });
  });

  it('cuts what is over the limit, the innermost first, and no character in half', async () => {
    await put('project/.git/HEAD');
    const outer = await put('project/AGENTS.md', '12345');
    const inner = await put('project/a/AGENTS.md', 'äö');
    const innermost = await put('project/a/b/AGENTS.md', 'x');
    expect(await read('project/a/b', { maxBytes: 8 })).toEqual({
      sources: [outer, inner],
      text: '12345\n\nä',
    });
    expect((await read('project/a/b', { maxBytes: 10 })).sources).toEqual([outer, inner, innermost]);
    expect(await read('project/a/b', { maxBytes: 0 })).toEqual({ sources: [], text: null });
  });

  it('reads the same file once where the home is in the project', async () => {
    await put('home/.git/HEAD');
    const own = await put('home/AGENTS.md', 'mine');
    expect(await read('home')).toEqual({ sources: [own], text: 'mine' });
  });

  it('says that a file is left out because it is too big to be read', async () => {
    const path = await put('a/AGENTS.md', 'x'.repeat(LIMITS.instructionFileBytes + 1));
    const { text } = await read('a');
    expect(text).toContain(`${path} is over ${LIMITS.instructionFileBytes} bytes and is left out`);
  });

  it('passes over what is no file: a directory, and a pipe that nobody writes to', async () => {
    await mkdir(at('a/AGENTS.override.md'), { recursive: true });
    execFileSync('mkfifo', [at('a/AGENTS.md')]);
    expect(await read('a')).toEqual({ sources: [], text: null });
  });
});

describe('directoriesOfProject', () => {
  it('begins at the innermost directory that holds a marker', async () => {
    await put('outer/.git/HEAD');
    await put('outer/inner/package.json');
    await mkdir(at('outer/inner/a'));
    const from = (...rootMarkers: string[]) =>
      directoriesOfProject(at('outer/inner/a'), { rootMarkers }, nodeDisk);
    expect(await from('.git')).toEqual([at('outer'), at('outer/inner'), at('outer/inner/a')]);
    expect(await from('.git', 'package.json')).toEqual([at('outer/inner'), at('outer/inner/a')]);
    expect(await from()).toEqual([at('outer/inner/a')]);
  });
});
