import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrefixRule } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from './disk.js';
import { nodeDisk } from './node-disk.js';
import { loadRules, memoryRules } from './rule-book.js';

const allow = (...pattern: string[]): PrefixRule => ({ pattern, decision: 'allow', where: 'anywhere' });

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rule-book-'));
});
afterEach(() => rm(home, { recursive: true }));

const path = (name: string): string => join(home, 'rules', name);

describe('loadRules', () => {
  it('finds none where there is no directory', async () => {
    const { rules, warnings } = await loadRules(home, nodeDisk);
    expect([rules.current, warnings]).toEqual([[], []]);
    expect(await readdir(home)).toEqual([]);
  });

  it('reads every file of rules in the order of their names, and warns of those that do not count', async () => {
    await mkdir(join(home, 'rules'));
    await writeFile(path('b.rules'), 'prefix_rule(pattern=["b"])');
    await writeFile(path('a.rules'), 'prefix_rule(pattern=["a"])');
    await writeFile(path('bad.rules'), 'prefix_rule(pattern=["c"])\nnonsense');
    await writeFile(path('latin.rules'), Buffer.from([0x23, 0xff]));
    await writeFile(path('notes.txt'), 'prefix_rule(pattern=["d"])');
    const { rules, warnings } = await loadRules(home, nodeDisk);
    expect(rules.current).toEqual([allow('a'), allow('b')]);
    expect(warnings).toEqual([
      expect.stringMatching(/^Error parsing rules; custom rules not applied\. \(.*bad\.rules: line 2: /),
      expect.stringContaining('latin.rules'),
    ]);
  });

  it('keeps what is added, at once and after a restart, once, for its owner alone', async () => {
    const { rules } = await loadRules(home, nodeDisk);
    const kept = [rules.add(allow('a')), rules.add(allow('b', 'c')), rules.add(allow('a'))];
    expect(rules.current).toEqual([allow('a'), allow('b', 'c')]);
    await Promise.all(kept);
    expect((await loadRules(home, nodeDisk)).rules.current).toEqual([allow('a'), allow('b', 'c')]);
    expect((await stat(path('default.rules'))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(home, 'rules'))).toEqual(['default.rules']);
  });

  it('adds to a file that people wrote, leaving their text as it is', async () => {
    await mkdir(join(home, 'rules'));
    const theirs = '# mine\nprefix_rule(pattern=["a"], decision="prompt")';
    await writeFile(path('default.rules'), theirs);
    const { rules } = await loadRules(home, nodeDisk);
    await rules.add(allow('b'));
    expect(await readFile(path('default.rules'), 'utf8')).toBe(
      `${theirs}\nprefix_rule(pattern=["b"], decision="allow")\n`,
    );
  });

  it('takes away what a process left that died while it wrote', async () => {
    await mkdir(join(home, 'rules'));
    await writeFile(path(`default.rules.${process.pid}.new`), 'half a ru');
    const { rules } = await loadRules(home, nodeDisk);
    await rules.add(allow('a'));
    expect(await readdir(join(home, 'rules'))).toEqual(['default.rules']);
  });

  it.each([
    'append',
    'sync',
    'rename',
  ] as const)('leaves the old file whole when the %s fails, and says so', async (failing) => {
    const { rules: first } = await loadRules(home, nodeDisk);
    await first.add(allow('a'));
    const refuse = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    const disk: Disk = {
      ...nodeDisk,
      openForAppend: async (name, presence) => {
        const file = await nodeDisk.openForAppend(name, presence);
        return failing === 'rename' ? file : { ...file, [failing]: refuse };
      },
      ...(failing === 'rename' ? { rename: refuse } : {}),
    };
    const { rules } = await loadRules(home, disk);
    await expect(rules.add(allow('b'))).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
    expect(rules.current).toEqual([allow('a'), allow('b')]);
    expect((await loadRules(home, nodeDisk)).rules.current).toEqual([allow('a')]);
  });
});

describe('memoryRules', () => {
  it('holds so many and no more', async () => {
    const rules = memoryRules(
      Array.from({ length: LIMITS.commandRules + 1 }, (_, index) => allow(`${index}`)),
    );
    expect(rules.current).toHaveLength(LIMITS.commandRules);
    await expect(rules.add(allow('more'))).rejects.toThrow('rules already');
    await expect(rules.add(allow('0'))).resolves.toBeUndefined();
  });
});
