import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { groupEnd, groupMembers } from '@millrace/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';

/** Starts two commands that never end, both with processes of their own, says their groups, and waits. */
const STARTER = `
  import { systemClock } from '@millrace/channel';
  import { createProcessRunner } from '@millrace/exec-server';
  const runner = await createProcessRunner({ clock: systemClock });
  const start = async (script) =>
    (await runner.spawn({
      argv: ['/bin/sh', '-c', script], cwd: '/', env: {}, input: 'open', streams: 'merged', terminal: null, sandbox: null,
    })).pid;
  console.log(JSON.stringify([await start('sleep 1000; :'), await start('sleep 1000 & sleep 1000 & wait')]));
  setInterval(() => undefined, 1_000);
`;

async function startCommands(): Promise<{ readonly node: ChildProcess; readonly groups: readonly number[] }> {
  const options = ['--conditions=millrace-source', '--import=tsx', '--input-type=module', '--eval', STARTER];
  const node = spawn(process.execPath, options, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void node.kill('SIGKILL'));
  const [line] = (await once(node.stdout, 'data')) as [Buffer];
  return { node, groups: JSON.parse(line.toString()) as number[] };
}

describe('the process groups of a Node process', () => {
  it('end with it when it is killed, with everything that commands started (SD-5)', async () => {
    const { node, groups } = await startCommands();
    expect(groups).toHaveLength(2);
    for (const group of groups) await expect.poll(() => groupMembers(group).length).toBeGreaterThan(1);
    node.kill('SIGKILL');
    for (const group of groups) await groupEnd(group);
    expect(groups.flatMap(groupMembers)).toEqual([]);
  });
});
