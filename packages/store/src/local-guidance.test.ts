import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LIMITS } from '@millrace/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interpretConfig } from './config.js';
import type { ConfigTable } from './config-file.js';
import { LocalGuidance } from './local-guidance.js';
import { nodeDisk } from './node-disk.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-guidance-'));
});

afterEach(() => rm(directory, { recursive: true }));

const at = (...names: string[]): string => join(directory, ...names);

async function put(path: string, text: string): Promise<string> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), text);
  return at(path);
}

const skill = (name: string): string => `---\nname: ${name}\ndescription: does it\n---\n`;

function guidance(config: ConfigTable = {}): LocalGuidance {
  return new LocalGuidance({
    disk: nodeDisk,
    home: at('home'),
    userHome: at('user'),
    config: () => interpretConfig(config).config,
  });
}

describe('LocalGuidance', () => {
  it('finds skills in both homes and in each directory of the project', async () => {
    await put('project/.git/HEAD', '');
    await put('project/.agents/skills/one/SKILL.md', skill('one'));
    await put('project/a/.codex/skills/two/SKILL.md', skill('two'));
    await put('project/a/b/.codex/skills/below/SKILL.md', skill('below'));
    await put('home/skills/three/SKILL.md', skill('three'));
    await put('user/.agents/skills/four/SKILL.md', skill('four'));
    const { skills } = await guidance().skills(at('project/a'));
    expect(skills.map(({ name, scope }) => `${scope} ${name}`)).toEqual([
      'repo one',
      'repo two',
      'user four',
      'user three',
    ]);
  });

  it('finds skills in the extra roots that were set last', async () => {
    await put('extra/one/SKILL.md', skill('one'));
    await put('other/two/SKILL.md', skill('two'));
    const local = guidance();
    const names = async () => (await local.skills(at('project'))).skills.map(({ name }) => name);
    local.setExtraSkillRoots([at('extra')]);
    expect(await names()).toEqual(['one']);
    local.setExtraSkillRoots([at('other')]);
    expect(await names()).toEqual(['two']);
  });

  it('does as the configuration says now', async () => {
    await put('project/.git/HEAD', '');
    await put('home/skills/one/SKILL.md', skill('one'));
    await put('project/NOTES.md', 'notes');
    const local = guidance({
      project_doc_fallback_filenames: ['NOTES.md'],
      skills: { config: [{ name: 'one', enabled: false }] },
    });
    expect((await local.instructions(at('project'))).text).toBe('notes');
    expect((await local.skills(at('project'))).skills).toMatchObject([{ name: 'one', isEnabled: false }]);
  });

  it('reads files anew each time', async () => {
    await put('project/.git/HEAD', '');
    const local = guidance();
    expect((await local.instructions(at('project'))).text).toBeNull();
    await put('project/AGENTS.md', 'now');
    expect((await local.instructions(at('project'))).text).toBe('now');
  });

  it('has no text of a skill that is not there or too big', async () => {
    const path = await put('a/SKILL.md', 'text');
    const big = await put('b/SKILL.md', 'x'.repeat(LIMITS.skillFileBytes + 1));
    const local = guidance();
    expect(await local.readSkill(path)).toBe('text');
    expect(await local.readSkill(big)).toBeUndefined();
    expect(await local.readSkill(at('c/SKILL.md'))).toBeUndefined();
  });
});
