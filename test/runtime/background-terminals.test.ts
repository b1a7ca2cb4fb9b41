import { expect, it } from 'vitest';
import { hanging, ScriptedProcesses } from './scripted-processes.js';
import { paramsOf, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime } from './test-runtime.js';

const FREE = { sandbox: 'danger-full-access', approvalPolicy: 'never' };

it('a command that was left running is listed, killed by a clean, and reports its end', async () => {
  const { server, clock, processes, cwd } = await startTestRuntime({
    processes: new ScriptedProcesses(hanging),
  });
  const peer = await TestPeer.connect(server, { capabilities: { experimentalApi: true } });
  const threadId = await peer.startThread(FREE);
  await peer.startTurn(threadId, 'run server');
  while (processes.running === 0) await macrotask();
  const list = () => peer.request<{ data: unknown[] }>('thread/backgroundTerminals/list', { threadId });
  expect(await list()).toEqual({ data: [], nextCursor: null }); // A tool call waits for it.
  clock.advance(60_000);
  await peer.readTo('turn/completed');

  const { data } = await list();
  expect(data).toMatchObject([{ command: 'server', cwd, osPid: null }]);
  expect(await peer.request('thread/backgroundTerminals/clean', { threadId })).toEqual({});
  const completed = paramsOf((await peer.readTo('item/completed')).at(-1));
  expect(completed.item).toMatchObject({ type: 'commandExecution', status: 'failed' });
  expect(processes.running).toBe(0);
  expect(await list()).toEqual({ data: [], nextCursor: null });
});
