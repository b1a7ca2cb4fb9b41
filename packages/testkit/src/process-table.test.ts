import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { groupEnd, groupMembers, isRunning } from './process-table.js';

describe.runIf(process.platform === 'linux')('the process table', () => {
  it('lists the members of a group until they are dead', async () => {
    const child = spawn('sh', ['-c', 'sleep 1000 & echo; wait'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const groupId = child.pid ?? 0;
    await once(child.stdout, 'data');
    const members = groupMembers(groupId);
    expect(members).toHaveLength(2);
    expect(members.map(isRunning)).toEqual([true, true]);
    process.kill(-groupId, 'SIGKILL');
    await once(child, 'exit');
    await groupEnd(groupId);
    expect(members.map(isRunning)).toEqual([false, false]);
  });

  it('counts a process that nobody reaped as not running', async () => {
    // The shell starts a child and becomes programs that never wait for one.
    const script = 'sh -c "read end <&3" & exec sh -c "echo $!; exec sleep 1000"';
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    const [output] = await once(child.stdout as Readable, 'data');
    (child.stdio[3] as Writable).end();
    const zombie = Number(String(output));
    while (isRunning(zombie)) await new Promise((resolve) => setImmediate(resolve));
    expect(() => process.kill(zombie, 0)).not.toThrow();
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});
