import { systemClock } from '@millrace/channel';
import { groupEnd, groupMembers, isRunning } from '@millrace/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PipeProcess } from './pipe-process.js';
import { RunningProcesses } from './running-processes.js';

const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' };
let running: RunningProcesses;

const begin = (script: string) => (): Promise<PipeProcess> =>
  PipeProcess.start({ argv: ['sh', '-c', script], cwd: '/', env }, systemClock);
/** Its first process ends at once and leaves another one in the group. */
const beginLeaving = begin('sleep 1000 >/dev/null 2>&1 & exit 0');

beforeEach(() => {
  running = new RunningProcesses(systemClock, 2);
});
afterEach(() => running.close());

describe('RunningProcesses', () => {
  it('refuses a process beyond its capacity, also while others are starting, and takes one when another ended', async () => {
    const starts = await Promise.allSettled([1, 2, 3].map(() => running.start(begin('read line'))));
    expect(starts.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const [first] = starts;
    if (first?.status !== 'fulfilled') throw new Error('the first process did not start');
    await first.value.kill();
    expect(await (await running.start(begin('exit 3'))).exited).toEqual({ exitCode: 3 });
  });

  it('gives the place back of a process that did not start', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(running.start(fail)).rejects.toThrow('no');
    expect((await running.start(begin('exit 0'))).pid).toBeGreaterThan(0);
  });

  it('does not count what commands left behind, and ends the newest of that when it closes', async () => {
    const pids: number[] = [];
    for (let index = 0; index < 3; index += 1) {
      const started = await running.start(beginLeaving);
      await started.exited;
      pids.push(started.pid);
    }
    await running.close();
    const [forgotten = 0, ...ended] = pids;
    for (const pid of ended) await groupEnd(pid);
    expect(groupMembers(forgotten)).toHaveLength(1);
    process.kill(-forgotten, 'SIGKILL');
  });

  it('kills everything when this Node process exits', async () => {
    const started = await running.start(begin('read line'));
    const onExit = process.listeners('exit').at(-1);
    onExit?.(0);
    expect(await started.exited).toEqual({ exitCode: 137 });
    expect(isRunning(started.pid)).toBe(false);
    await running.close();
    expect(process.listeners('exit')).not.toContain(onExit);
  });
});
