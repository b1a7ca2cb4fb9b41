import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findExecutable } from './find-executable.js';

describe('findExecutable', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'find-executable-'));
    await mkdir(join(cwd, 'bin/inner'), { recursive: true });
    await writeFile(join(cwd, 'bin/tool'), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(join(cwd, 'plain'), '');
    await chmod(join(cwd, 'plain'), 0o644);
  });
  afterAll(() => rm(cwd, { recursive: true }));

  it('looks through the search path in order, from the working directory', async () => {
    const found = { type: 'found', path: join(cwd, 'bin/tool') };
    expect(await findExecutable('tool', { cwd, path: `/nowhere:${cwd}:bin` })).toEqual(found);
    expect(await findExecutable('tool', { cwd, path: '/nowhere' })).toEqual({ type: 'missing' });
  });

  it('takes a name with a slash as a path, from the working directory', async () => {
    const found = { type: 'found', path: join(cwd, 'bin/tool') };
    expect(await findExecutable('./bin/tool', { cwd, path: undefined })).toEqual(found);
    expect(await findExecutable(join(cwd, 'bin/tool'), { cwd: '/', path: '' })).toEqual(found);
  });

  it('tells what may not be run from what is not there', async () => {
    expect(await findExecutable('./plain', { cwd, path: '' })).toEqual({
      type: 'denied',
      path: join(cwd, 'plain'),
    });
    expect(await findExecutable('inner', { cwd, path: 'bin' })).toEqual({
      type: 'denied',
      path: join(cwd, 'bin/inner'),
    });
    expect(await findExecutable('', { cwd, path: 'bin' })).toEqual({ type: 'missing' });
    expect(await findExecutable('./tool\0', { cwd, path: 'bin' })).toEqual({ type: 'missing' });
  });

  it('looks where the C library does when there is no search path', async () => {
    expect(await findExecutable('sh', { cwd, path: undefined })).toMatchObject({ type: 'found' });
  });
});
