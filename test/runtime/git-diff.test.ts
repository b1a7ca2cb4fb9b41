import { execFileSync } from 'node:child_process';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import { scriptedModel } from '@millrace/model';
import { LIMITS } from '@millrace/protocol';
import { startRuntime } from '@millrace/runtime';
import { memoryStore } from '@millrace/store';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestPeer } from './test-peer.js';
import { temporaryDirectory } from './test-runtime.js';

/** A directory and git in it, with an identity that no test machine has to have. */
async function repository(directory?: string) {
  const cwd = directory ?? (await temporaryDirectory());
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  const git = (...args: string[]): string =>
    execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
  const put = (path: string, text: string) => writeFile(join(cwd, path), text);
  const commit = async (path: string, text: string): Promise<string> => {
    await put(path, text);
    git('add', path);
    git('commit', '-qm', path);
    return git('rev-parse', 'HEAD');
  };
  return { cwd, git, put, commit };
}

/** A clone whose remote has one commit, with the file `shared`. */
async function clone() {
  const origin = await repository();
  origin.git('init', '-q', '-b', 'main');
  const sha = await origin.commit('shared', 'one\n');
  const cwd = join(await temporaryDirectory(), 'clone');
  origin.git('clone', '-q', origin.cwd, cwd);
  return { ...(await repository(cwd)), origin, sha };
}

let peer: TestPeer;
beforeAll(async () => {
  // Asked by every test, and changed by none.
  const server = await startRuntime({
    home: '/nonexistent',
    environment: { PATH: process.env.PATH },
    model: scriptedModel({ clock: systemClock }),
    store: memoryStore(),
  });
  peer = await TestPeer.connect(server);
  return async () => void (await server.finishShutdown());
});

const ask = (cwd: string) => peer.ask('gitDiffToRemote', { cwd });
async function diffOf(cwd: string): Promise<{ readonly sha: string; readonly diff: string }> {
  return peer.request('gitDiffToRemote', { cwd });
}
const refusal = (cwd: string) => ({
  error: { code: -32_600, message: `failed to compute git diff to remote for cwd: "${cwd}"` },
});

describe('gitDiffToRemote', () => {
  it('has nothing to say of a clone as it was made', async () => {
    const { cwd, sha } = await clone();
    expect(await diffOf(cwd)).toEqual({ sha, diff: '' });
  });

  it('shows what was committed, what was not, and what git does not know yet, from the root, but nothing ignored', async () => {
    const { cwd, put, commit, sha } = await clone();
    await commit('committed', 'c\n');
    await put('shared', 'two\n');
    await put('new name', 'n\n');
    await put('.git/info/exclude', 'ignored\n');
    await put('ignored', 'i\n');
    await mkdir(join(cwd, 'below'));
    const { sha: base, diff } = await diffOf(join(cwd, 'below'));
    expect(base).toBe(sha);
    expect(diff.match(/^diff --git .*/gm)).toEqual([
      'diff --git a/committed b/committed',
      'diff --git a/shared b/shared',
      'diff --git a/new name b/new name',
    ]);
    expect(diff).toContain('-one\n+two\n');
    expect(diff).toContain('--- /dev/null\n+++ b/new name\t\n@@ -0,0 +1 @@\n+n\n');
  });

  it('counts from the newest commit that a remote has, also after a merge of it', async () => {
    const { cwd, git, commit, origin } = await clone();
    git('checkout', '-qb', 'mine');
    await commit('mine', 'm\n');
    const theirs = await origin.commit('theirs', 't\n');
    git('fetch', '-q');
    git('merge', '-q', '--no-edit', 'origin/main');
    const { sha, diff } = await diffOf(cwd);
    expect(sha).toBe(theirs);
    expect(diff.match(/^diff --git .*/gm)).toEqual(['diff --git a/mine b/mine']);
  });

  it('can be applied, whatever the user has configured', async () => {
    const { cwd, git, put, origin } = await clone();
    for (const [key, value] of Object.entries({
      noprefix: 'true',
      external: 'false',
      mnemonicPrefix: 'true',
    }))
      git('config', `diff.${key}`, value);
    git('config', 'color.ui', 'always');
    await put('shared', 'two\n');
    const { diff } = await diffOf(cwd);
    execFileSync('git', ['apply'], { cwd: origin.cwd, input: diff });
    expect(origin.git('diff', '--stat')).toContain('shared | 2 +-');
  });

  it('runs no program that the repository names for its status or its differences', async () => {
    const { cwd, git, put } = await clone();
    const program = join(cwd, '.git', 'program');
    await put('.git/program', '#!/bin/sh\ntouch "$(dirname "$0")/ran"\n');
    await chmod(program, 0o755);
    await put('.git/info/attributes', '* diff=named\n');
    for (const key of ['core.fsmonitor', 'diff.external', 'diff.named.textconv', 'diff.named.command'])
      git('config', key, program);
    await put('shared', 'two\n');
    expect((await diffOf(cwd)).diff).toContain('+two');
    await expect(stat(join(cwd, '.git', 'ran'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is refused where there is no repository, no commit, no remote, or no such directory', async () => {
    const directory = await temporaryDirectory();
    expect(await ask(directory)).toMatchObject(refusal(directory));
    expect(await ask(join(directory, 'none'))).toMatchObject(refusal(join(directory, 'none')));
    const { cwd, git, commit } = await repository();
    git('init', '-q');
    expect(await ask(cwd)).toMatchObject(refusal(cwd));
    await commit('a', 'a\n');
    expect(await ask(cwd)).toMatchObject(refusal(cwd));
  });

  it('is refused where it would be more than anybody reads', async () => {
    const { cwd, put } = await clone();
    await put('large', `${'x'.repeat(99)}\n`.repeat(LIMITS.gitOutputBytes / 100));
    expect(await ask(cwd)).toMatchObject(refusal(cwd));
  });
});
