import type { CommandExecutionItem } from '@millrace/protocol';
import { wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { startResponsesThread } from './responses-thread.js';
import { type Program, ScriptedProcesses } from './scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime, whileTimePasses } from './test-runtime.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Prints `bang` and ends. */
const bang: Program = async function* () {
  yield encode('bang\n');
  return 0;
};

/** Prints `on` and goes on until it is killed. */
const endless: Program = async function* (_request, killed) {
  yield encode('on\n');
  await new Promise((resolve) => killed.addEventListener('abort', resolve));
  return 137;
};

async function startThread(program: Program) {
  const runtime = await startTestRuntime({ processes: new ScriptedProcesses(program) });
  const peer = await TestPeer.connect(runtime.server);
  const threadId = await peer.startThread({ sandbox: 'read-only', approvalPolicy: 'never' });
  peer.drain();
  const shell = (command: string, params: object = {}) =>
    peer.ask('thread/shellCommand', { threadId, command, ...params });
  return { ...runtime, peer, threadId, shell };
}

const itemsOf = (events: readonly Parameters<typeof paramsOf>[0][], method: string) =>
  events.flatMap((event) =>
    event !== undefined && kindOf(event) === method ? [paramsOf(event).item as CommandExecutionItem] : [],
  );

describe('thread/shellCommand', () => {
  it('is a turn of its own, outside the sandbox, after its answer (RQ-5)', async () => {
    const { peer, shell, processes } = await startThread(bang);
    expect(await shell('echo bang')).toMatchObject({ result: {} });
    const events = await peer.readTo('turn/completed');
    expect(events.map(kindOf)).toEqual([
      'thread/status/changed',
      'turn/started',
      'item/started',
      'item/completed',
      'thread/readState/changed',
      'thread/status/changed',
      'turn/completed',
    ]);
    const [item] = itemsOf(events, 'item/completed');
    expect(item).toMatchObject({ source: 'userShell', status: 'completed', exitCode: 0 });
    expect(item).toMatchObject({
      aggregatedOutput: 'bang\n',
      command: expect.stringMatching(/-lc 'echo bang'$/),
    });
    expect(processes.spawned).toMatchObject([{ sandbox: null }]);
  });

  it('is told to the model before it is asked the next time', async () => {
    const { peer, turn, threadId, model } = await startResponsesThread(
      [wire.response(wire.message(['ok']))],
      {
        processes: new ScriptedProcesses(bang),
      },
    );
    await peer.request('thread/shellCommand', { threadId, command: 'echo bang' });
    await peer.readTo('turn/completed');
    await turn('what did I do?');
    const { input } = model.requests[0]?.body as { input: { role: string; content: { text: string }[] }[] };
    expect(input.map(({ role }) => role)).toEqual(['developer', 'developer', 'user', 'user', 'user']);
    expect(input[3]?.content[0]?.text).toMatch(
      /^<user_shell_command>\n<command>\necho bang\n<\/command>\n<result>\nExit code: 0\nDuration: \d+\.\d{4} seconds\nOutput:\nbang\n\n<\/result>\n<\/user_shell_command>$/,
    );
  });

  it('is killed by an interrupt of its turn, and its item is completed before the end (EV-3)', async () => {
    const { peer, shell, processes, threadId } = await startThread(endless);
    await shell('yes');
    const started = await peer.readTo('item/started');
    const { turnId } = paramsOf(started.at(-1));
    await peer.request('turn/interrupt', { threadId, turnId });
    const events = await peer.readTo('turn/completed');
    expect(itemsOf(events, 'item/completed')).toMatchObject([{ status: 'failed', exitCode: 137 }]);
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'interrupted' });
    expect(processes.running).toBe(0);
  });

  it('is killed when its time is over, as `timeout` would', async () => {
    const { peer, shell, clock } = await startThread(endless);
    await shell('yes', { timeoutMs: 5_000 });
    const events = await whileTimePasses(clock, peer.readTo('turn/completed'));
    expect(itemsOf(events, 'item/completed')).toMatchObject([{ status: 'failed', exitCode: 124 }]);
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'completed' });
  });

  it('joins the turn that runs, and outlives it', async () => {
    const { peer, shell, clock, threadId } = await startThread(endless);
    const turnId = await peer.startTurn(threadId, 'sleep 1000\nsay done');
    await peer.readTo('item/completed');
    await shell('yes', { timeoutMs: 60_000 });
    const started = await peer.readTo('item/started');
    expect(paramsOf(started.at(-1))).toMatchObject({ turnId, item: { source: 'userShell' } });
    const events = await whileTimePasses(clock, peer.readTo('turn/completed'));
    expect(itemsOf(events, 'item/completed').map(({ type }) => type)).toEqual(['agentMessage']);
    const late = await whileTimePasses(clock, peer.readTo('item/completed'));
    expect(paramsOf(late.at(-1))).toMatchObject({ turnId, item: { source: 'userShell', exitCode: 124 } });
  });

  it('dies with the turn that it joined when that is interrupted', async () => {
    const { peer, shell, processes, threadId } = await startThread(endless);
    const turnId = await peer.startTurn(threadId, 'sleep 1000');
    await peer.readTo('item/completed');
    await shell('yes');
    await peer.readTo('item/started');
    await peer.request('turn/interrupt', { threadId, turnId });
    const events = await peer.readTo('turn/completed');
    expect(itemsOf(events, 'item/completed')).toMatchObject([{ source: 'userShell', exitCode: 137 }]);
    expect(processes.running).toBe(0);
  });

  it('lets the user go on in the same turn', async () => {
    const { peer, shell, threadId, clock } = await startThread(endless);
    await shell('yes', { timeoutMs: 5_000 });
    const { turnId } = paramsOf((await peer.readTo('item/started')).at(-1));
    const steered = await peer.request<{ turn: { id: string } }>('turn/start', {
      threadId,
      input: [{ type: 'text', text: 'say heard' }],
    });
    expect(steered.turn.id).toBe(turnId);
    const events = await whileTimePasses(clock, peer.readTo('turn/completed'));
    expect(itemsOf(events, 'item/completed').map(({ type }) => type)).toEqual([
      'commandExecution',
      'userMessage',
      'agentMessage',
    ]);
  });

  it.each([
    [{ command: ' ' }, -32600, 'command must not be empty'],
    [{ command: 'x'.repeat(200_000) }, -32600, 'command is longer than 131072 bytes'],
    [{ command: 'ls', timeoutMs: -1 }, -32602, 'timeoutMs must be non-negative, got -1'],
  ])('refuses a command that cannot be run', async (params, code, message) => {
    const { peer, threadId } = await startThread(bang);
    expect(await peer.ask('thread/shellCommand', { threadId, ...params })).toMatchObject({
      error: { code, message },
    });
  });
});
