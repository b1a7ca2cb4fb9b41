import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Child } from './child.js';
import { behindGate } from './start-gate.js';

/** Asks at the gate from a session of its own, as the inside of a sandbox does, when it is told to; and says whether it was let in. */
const ASKER =
  'touch ready; until [ -e ask ]; do :; done; echo >&3; if read -r go <&3; then echo in; else echo out; fi > answer';

async function startAsker(): Promise<{ readonly child: Child; readonly cwd: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'millrace-gate-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const argv = ['/bin/sh', '-c', `setsid /bin/sh -c '${ASKER}' & wait`] as const;
  const env = { PATH: process.env.PATH ?? '' };
  const child = Child.spawn({ argv, cwd, env, isGated: true }, ['pipe', 'pipe', 'pipe']);
  onTestFinished(() => child.group.kill());
  await expect
    .poll(() =>
      access(join(cwd, 'ready')).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  return { child, cwd };
}

const answerIn = (cwd: string): Promise<string> => readFile(join(cwd, 'answer'), 'utf8').catch(() => '');

describe('the gate before a program', () => {
  it('lets in who asks', async () => {
    const { cwd } = await startAsker();
    await writeFile(join(cwd, 'ask'), '');
    await expect.poll(() => answerIn(cwd)).toBe('in\n');
  });

  it('keeps out what is left of a command that was killed while it was set up (SD-5)', async () => {
    const { child, cwd } = await startAsker();
    child.group.kill();
    await child.exited;
    await writeFile(join(cwd, 'ask'), '');
    await expect.poll(() => answerIn(cwd)).toBe('out\n');
  });

  it('leaves the program itself in the place of the shell', async () => {
    const argv = behindGate(['/bin/sh', '-c', 'echo $$']);
    const child = Child.spawn({ argv, cwd: '/', env: {}, isGated: true }, ['pipe', 'pipe', 'pipe']);
    let said = '';
    for await (const text of child.process.stdout ?? []) said += String(text);
    expect(said).toBe(`${child.process.pid}\n`);
  });
});
