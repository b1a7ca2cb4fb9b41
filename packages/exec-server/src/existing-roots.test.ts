import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { existingRoots } from './existing-roots.js';

let top: string;
let work: string;
beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'existing-roots-')));
  work = join(top, 'work');
  await mkdir(join(work, 'inner'), { recursive: true });
});
afterEach(() => rm(top, { recursive: true }));

describe('existingRoots', () => {
  it('are real, each once, outer before inner, without those that are missing', async () => {
    await symlink(work, join(top, 'link'));
    const given = [join(work, 'inner'), join(top, 'link'), work, join(top, 'missing')];
    expect(await existingRoots(given)).toEqual([work, join(work, 'inner')]);
  });

  it('are no links that a command could have made in another root, wherever they lead', async () => {
    await symlink('/', join(work, 'way'));
    await symlink(top, join(work, 'inner/way'));
    const given = [work, join(work, 'way'), join(work, 'inner/way/work'), join(work, 'inner/..')];
    expect(await existingRoots(given)).toEqual([work]);
  });
});
