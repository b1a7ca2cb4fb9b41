import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import { type RunningProcess, SpawnError, type SpawnRequest } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { groupEnd, groupMembers, isRunning } from '@millrace/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createProcessRunner, type LocalProcessRunner, type ProcessRunnerOptions } from './process-runner.js';
import type { DetectedSandbox } from './sandbox-probe.js';

const missing: DetectedSandbox = { type: 'unavailable', reason: 'none here', remedy: 'get one' };
const runners: LocalProcessRunner[] = [];

async function createRunner(options: Partial<ProcessRunnerOptions> = {}): Promise<LocalProcessRunner> {
  const runner = await createProcessRunner({ clock: systemClock, probe: async () => missing, ...options });
  runners.push(runner);
  return runner;
}

const request = (script: string, more: Partial<SpawnRequest> = {}): SpawnRequest => ({
  argv: ['sh', '-c', script],
  cwd: '/',
  env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
  terminal: null,
  sandbox: null,
  ...more,
});

async function readAll(running: RunningProcess): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of running.output) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.close()));
});

describe('createProcessRunner', () => {
  it('runs in the directory and with the variables that were asked for, and no others', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'process-runner-'));
    const runner = await createRunner();
    const running = await runner.spawn(
      request('pwd -P; env | grep -c MILLRACE; echo "$A"', { cwd, env: { PATH: '/bin:/usr/bin', A: '1' } }),
    );
    expect((await readAll(running)).replace(/^.*process-runner-\w+/, 'cwd')).toBe('cwd\n0\n1\n');
    await rm(cwd, { recursive: true });
  });

  it('keeps bash from taking its input for a network login, and from what the user runs at one', async () => {
    const home = await mkdtemp(join(tmpdir(), 'process-runner-'));
    await writeFile(join(home, '.bashrc'), 'echo the start-up file was read\n');
    const runner = await createRunner();
    for (const SHLVL of [undefined, '0', '3', 'x']) {
      const env = { PATH: '/bin:/usr/bin', HOME: home, ...(SHLVL !== undefined && { SHLVL }) };
      const running = await runner.spawn({ ...request(''), argv: ['bash', '-c', 'echo only this'], env });
      expect(await readAll(running)).toBe('only this\n');
    }
    await rm(home, { recursive: true });
  });

  it('gives a command that reads its input the end of it where none was asked for', async () => {
    const runner = await createRunner();
    const running = await runner.spawn(request('cat; echo over', { input: 'none' }));
    expect(await readAll(running)).toBe('over\n');
    await expect(running.write(new Uint8Array([65]))).rejects.toThrow();
  });

  it('runs 20 processes at the same time', async () => {
    const runner = await createRunner();
    const outputs = Array.from({ length: 20 }, async (_, index) =>
      readAll(await runner.spawn(request(`echo ${index}`))),
    );
    expect(await Promise.all(outputs)).toEqual(Array.from({ length: 20 }, (_, index) => `${index}\n`));
  });

  it('says what is wrong with a request, in both kinds of process', async () => {
    const runner = await createRunner();
    const code = (more: Partial<SpawnRequest>) =>
      runner.spawn(request('exit 0', more)).then(
        () => 'started',
        (error: unknown) => (error instanceof SpawnError ? error.code : error),
      );
    for (const terminal of [null, { rows: 24, columns: 80 }]) {
      expect(await code({ terminal, cwd: '/no/such/place' })).toBe('badWorkingDirectory');
      expect(await code({ terminal, cwd: '/dev/null' })).toBe('badWorkingDirectory');
      expect(await code({ terminal, cwd: 'relative' })).toBe('badWorkingDirectory');
      expect(await code({ terminal, argv: ['no-such-program-anywhere'] })).toBe('notFound');
      expect(await code({ terminal, argv: ['/etc/passwd'] })).toBe('failed');
      expect(await code({ terminal, argv: ['true', 'x'.repeat(3 * 1_048_576)] })).toBe('failed');
      expect(await code({ terminal, argv: ['true', 'a\0b'] })).toBe('failed');
    }
  });

  it('refuses a sandboxed command where there is no sandbox, and names the remedy', async () => {
    const runner = await createRunner();
    const sandbox = { writableRoots: [], networkAccess: false };
    expect(runner.sandbox).toEqual(missing);
    await expect(runner.spawn(request('exit 0', { sandbox }))).rejects.toMatchObject({
      code: 'sandboxUnavailable',
      message: 'none here; get one',
    });
  });

  it('refuses a terminal where the optional package is not installed', async () => {
    const runner = await createRunner({
      loadTerminals: () => {
        throw new SpawnError('terminalUnsupported', 'not installed');
      },
    });
    const terminal = { rows: 24, columns: 80 };
    await expect(runner.spawn(request('exit 0', { terminal }))).rejects.toMatchObject({
      code: 'terminalUnsupported',
    });
    expect(await (await runner.spawn(request('exit 0'))).exited).toEqual({ exitCode: 0 });
  });

  it('leaves no child when it closes, not even one that its command left behind', async () => {
    const runner = await createRunner();
    const waiting = await runner.spawn(request("trap '' TERM; sleep 1000 & echo; wait"));
    const terminal = await runner.spawn(request('sleep 1000', { terminal: { rows: 24, columns: 80 } }));
    const gone = await runner.spawn(request('sleep 1000 >/dev/null 2>&1 & exit 0'));
    await waiting.output[Symbol.asyncIterator]().next();
    await gone.exited;
    expect(groupMembers(gone.pid)).toHaveLength(1);
    const starting = runner.spawn(request('sleep 1000')).catch((error: unknown) => error);
    await Promise.all([runner.close(), runner.close()]);
    expect(await starting).toMatchObject({ code: 'failed' });
    expect(await Promise.all([waiting.exited, terminal.exited])).toEqual([
      { exitCode: 137 },
      { exitCode: 137 },
    ]);
    expect([waiting, terminal, gone].map(({ pid }) => isRunning(pid))).toEqual([false, false, false]);
    for (const { pid } of [waiting, terminal, gone]) await groupEnd(pid);
    await expect(runner.spawn(request('exit 0'))).rejects.toMatchObject({ code: 'failed' });
  });

  it('gives up waiting for a process that the kernel does not end', async () => {
    const timers: (() => void)[] = [];
    const schedule = (delayMs: number, callback: () => void): (() => void) => {
      if (delayMs === LIMITS.killGraceMs) timers.push(callback);
      return () => {};
    };
    const runner = await createRunner({ clock: { ...systemClock, schedule } });
    const running = await runner.spawn(request('sleep 1000'));
    let isDone = false;
    const closing = runner.close().then(() => {
      isDone = true;
    });
    expect(isDone).toBe(false);
    for (const timer of timers) timer();
    await closing;
    expect(timers).toHaveLength(1);
    expect(await running.exited).toEqual({ exitCode: 137 });
  });
});
