import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxRules } from '@millrace/core/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seatbeltCommand } from './seatbelt.js';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'seatbelt-')));
});
afterEach(() => rm(root, { recursive: true }));

/** The parts of the command line: the profile with its parameters put in, and the rest. */
async function wrap(rules: Partial<SandboxRules>, protectedPaths: readonly string[] = []) {
  const { argv } = await seatbeltCommand(
    { argv: ['ls', '-l'], cwd: root, env: {} },
    {
      executable: '/usr/bin/sandbox-exec',
      rules: { writableRoots: [], networkAccess: false, ...rules },
      keepSession: false,
      protectedPaths,
    },
  );
  const [executable, flag, profile = ''] = argv;
  const definitions = argv.filter((_, index) => argv[index - 1] === '-D').map((word) => word.split('='));
  const filled = definitions.reduce(
    (text, [name, value]) => text.replace(`(param "${name}")`, `"${value}"`),
    profile,
  );
  const writes = filled.split('\n').filter((line) => line.startsWith('(allow file-write* '));
  return { argv, start: [executable, flag], profile, filled, writes };
}

describe('seatbeltCommand', () => {
  it('denies by default, and puts the command last', async () => {
    const { argv, start, profile } = await wrap({});
    expect(start).toEqual(['/usr/bin/sandbox-exec', '-p']);
    expect(argv.slice(-3)).toEqual(['--', 'ls', '-l']);
    expect(profile).toMatch(/^\(version 1\)\n\(deny default\)\n/);
  });

  it('allows no write at all without roots, but to harmless devices', async () => {
    const { filled, writes } = await wrap({});
    expect(writes).toEqual([]);
    expect(filled.match(/file-write[^ )]*/g)).toEqual(['file-write-data']);
  });

  it('allows writing in a root but for the protected names in it, whether they exist or not', async () => {
    await mkdir(join(root, '.git'));
    const { writes } = await wrap({ writableRoots: [root] });
    const kept = ['.git', '.millrace', '.codex', '.agents']
      .map((name) => `(require-not (subpath "${root}/${name}"))`)
      .join(' ');
    expect(writes).toEqual([`(allow file-write* (require-all (subpath "${root}") ${kept}))`]);
  });

  it('keeps further protected paths in a root read-only', async () => {
    await mkdir(join(root, 'home'));
    const { writes } = await wrap({ writableRoots: [root] }, [join(root, 'home')]);
    expect(writes[0]).toContain(`(require-not (subpath "${root}/home"))`);
  });

  it('names real paths, because the kernel sees no links', async () => {
    await mkdir(join(root, 'real'));
    await symlink('real', join(root, 'link'));
    const { writes } = await wrap({ writableRoots: [join(root, 'link'), join(root, 'missing')] });
    expect(writes).toHaveLength(1);
    expect(writes[0]).toContain(`(subpath "${root}/real")`);
  });

  it('gives the network only when it is given', async () => {
    expect((await wrap({})).profile).not.toContain('network');
    expect((await wrap({ networkAccess: true })).profile).toContain('(allow network*)');
  });

  it('has balanced brackets whatever a directory is called', async () => {
    const evil = join(root, '") (allow default) ("');
    await mkdir(evil);
    const { profile } = await wrap({ writableRoots: [evil], networkAccess: true });
    expect(profile).not.toContain('allow default');
    const outside = profile.replaceAll(/#?"[^"]*"/g, '');
    expect(outside.split('(').length).toBe(outside.split(')').length);
  });

  it('refuses a root that is not absolute', async () => {
    await expect(wrap({ writableRoots: ['here'] })).rejects.toThrow('absolute');
  });
});
