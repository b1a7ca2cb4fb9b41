import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LIMITS } from '@millrace/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from './disk.js';
import { nodeDisk } from './node-disk.js';
import { findSkills, type SkillRoot, type SkillSwitch } from './skill-catalogue.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-skills-'));
});

afterEach(() => rm(directory, { recursive: true }));

async function put(path: string, text: string): Promise<string> {
  const file = join(directory, path, 'SKILL.md');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

const skill = (name: string, description = 'does it'): string =>
  `---\nname: ${name}\ndescription: ${description}\n---\nbody`;

const root = (path: string, scope: SkillRoot['scope'] = 'user'): SkillRoot => ({
  path: join(directory, path),
  scope,
});

const find = (roots: readonly SkillRoot[], ...switches: SkillSwitch[]) =>
  findSkills(roots, switches, nodeDisk);

describe('findSkills', () => {
  it('finds them in the project before those of the user, by name, with what their heads say', async () => {
    const paths = [
      await put('repo/z', skill('z')),
      await put('user/a', skill('a', 'one')),
      await put('user/b', '---\ndescription: two\nmetadata:\n  short-description: 2\n---\n'),
    ];
    const { skills, errors } = await find([root('user'), root('repo', 'repo'), root('missing')]);
    expect(errors).toEqual([]);
    expect(skills.map(({ path }) => path)).toEqual(paths);
    expect(skills[2]).toEqual({
      name: 'b',
      description: 'two',
      shortDescription: '2',
      path: paths[2],
      scope: 'user',
      isEnabled: true,
    });
  });

  it('looks into folders of folders, three deep, not into hidden ones, and not below a skill', async () => {
    await put('user/x/y/z', skill('deep'));
    await put('user/x/y/z/below', skill('below'));
    await put('user/1/2/3/4', skill('deeper'));
    await put('user/.hidden', skill('hidden'));
    const { skills } = await find([root('user')]);
    expect(skills.map(({ name }) => name)).toEqual(['deep']);
  });

  it('ends where folders lead back to themselves, and where there are too many', async () => {
    await put('user/a', skill('a'));
    await symlink(join(directory, 'user'), join(directory, 'user', 'loop'));
    const { skills } = await find([root('user')]);
    expect(skills.map(({ name }) => name)).toContain('a');
    let listed = 0;
    const endless: Disk = {
      ...nodeDisk,
      listDirectory: async () => {
        listed += 1;
        return Array.from({ length: 1_000 }, (_, index) => `${index}`);
      },
    };
    expect(await findSkills([root('user')], [], endless)).toEqual({ skills: [], errors: [] });
    expect(listed).toBe(LIMITS.skillDirectories);
  });

  it('says what is wrong with a file that looks like a skill', async () => {
    const files = new Map([
      [await put('user/1', 'no head'), 'missing YAML frontmatter delimited by ---'],
      [await put('user/2', '---\nname: x\n---\n'), 'missing field `description`'],
      [await put('user/3', skill('x'.repeat(65))), 'invalid name: exceeds maximum length of 64 characters'],
      [
        await put('user/4', skill('x', 'd'.repeat(1_025))),
        'invalid description: exceeds maximum length of 1024 characters',
      ],
      [await put('user/5', 'x'.repeat(LIMITS.skillFileBytes + 1)), 'failed to read file: EFBIG'],
    ]);
    const { skills, errors } = await find([root('user')]);
    expect(skills).toEqual([]);
    expect(errors).toEqual([...files].map(([path, message]) => ({ path, message })));
  });

  it('lists a skill once where two roots lead to it', async () => {
    await put('user/a', skill('a'));
    expect((await find([root('user'), root('user'), root('user/a', 'repo')])).skills).toHaveLength(1);
  });

  it('switches by file or by name, and the last word counts', async () => {
    const path = await put('user/a', skill('a'));
    await put('user/b', skill('b'));
    const off = { path, name: null, isEnabled: false };
    const on = { path: null, name: 'a', isEnabled: true };
    const states = async (...switches: SkillSwitch[]) =>
      (await find([root('user')], ...switches)).skills.map(({ isEnabled }) => isEnabled);
    expect(await states(off)).toEqual([false, true]);
    expect(await states(off, on)).toEqual([true, true]);
    expect(await states(on, off)).toEqual([false, true]);
  });
});
