import type { ViewEntry } from '@millrace/runtime';
import { describe, expect, it } from 'vitest';
import { hanging, printing, ScriptedProcesses } from './scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime, type TestRuntime } from './test-runtime.js';

interface Started extends TestRuntime {
  readonly peer: TestPeer;
  readonly threadId: string;
}

/** A thread that may do everything unasked. */
async function startThread(processes = new ScriptedProcesses(printing('out\n'))): Promise<Started> {
  const runtime = await startTestRuntime({ processes });
  const peer = await TestPeer.connect(runtime.server);
  const threadId = await peer.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
  peer.drain();
  return { ...runtime, peer, threadId };
}

/** What a turn says from its start to its end: methods, with the kind of item or status where there is one. */
async function readTurn(peer: TestPeer): Promise<string[]> {
  const entries = await peer.readTo('turn/completed');
  return entries.map((entry) => {
    const { item, status, turn } = paramsOf(entry) as Readonly<
      Record<string, { readonly type?: string; readonly status?: string } | undefined>
    >;
    const detail = item?.type ?? status?.type ?? turn?.status;
    return detail === undefined ? kindOf(entry) : `${kindOf(entry)} ${detail}`;
  });
}

/** Without what depends on the provider and not on the turn. */
const essential = (said: readonly string[]): string[] =>
  said.filter(
    (text) => !text.startsWith('account/') && !text.startsWith('thread/readState') && text !== 'warning',
  );

describe('a turn', () => {
  it('says what it does in the order of the reference server', async () => {
    const { peer, threadId } = await startThread();
    await peer.startTurn(threadId, 'say hello world');
    expect(essential(await readTurn(peer))).toEqual([
      'thread/status/changed active',
      'turn/started inProgress',
      'item/started userMessage',
      'item/completed userMessage',
      'item/started agentMessage',
      'item/agentMessage/delta',
      'item/agentMessage/delta',
      'item/completed agentMessage',
      'thread/tokenUsage/updated',
      'thread/status/changed idle',
      'turn/completed completed',
    ]);
  });

  it('shows its reasoning part by part', async () => {
    const { peer, threadId } = await startThread();
    await peer.startTurn(threadId, 'think deep thoughts\nsay ok');
    expect(essential(await readTurn(peer)).slice(4, 9)).toEqual([
      'item/started reasoning',
      'item/reasoning/summaryPartAdded',
      'item/reasoning/summaryTextDelta',
      'item/reasoning/summaryTextDelta',
      'item/completed reasoning',
    ]);
  });

  it('shows a quick command whole, and a patch with its diff', async () => {
    const { peer, threadId } = await startThread();
    await peer.startTurn(threadId, 'run ls\nwrite a.txt text\nplan one; two');
    const said = essential(await readTurn(peer));
    const start = said.indexOf('item/started commandExecution');
    expect(said.slice(start, start + 3)).toEqual([
      'item/started commandExecution',
      'item/completed commandExecution',
      'thread/tokenUsage/updated',
    ]);
    const patch = said.indexOf('item/started fileChange');
    expect(said.slice(patch, patch + 3)).toEqual([
      'item/started fileChange',
      'item/completed fileChange',
      'turn/diff/updated',
    ]);
    expect(said).toContain('turn/plan/updated');
    expect(said).not.toContain('item/commandExecution/outputDelta');
  });

  it('that asks first says that it waits, and resolves the question before the command starts', async () => {
    const runtime = await startTestRuntime();
    const peer = await TestPeer.connect(runtime.server);
    const threadId = await peer.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'untrusted' });
    peer.drain();
    await peer.startTurn(threadId, 'run ls');
    const asked = await peer.readTo('item/commandExecution/requestApproval');
    expect(asked.slice(-3).map(kindOf)).toEqual([
      'thread/status/changed',
      'item/started',
      'item/commandExecution/requestApproval',
    ]);
    expect(paramsOf(asked.at(-3)).status).toEqual({ type: 'active', activeFlags: ['waitingOnApproval'] });
    const request = asked.at(-1);
    if (request === undefined || !('id' in request)) throw new Error('no request');
    peer.send({ type: 'result', id: request.id, result: { decision: 'accept' } });
    expect(essential(await readTurn(peer)).slice(0, 3)).toEqual([
      'serverRequest/resolved',
      'thread/status/changed active',
      'item/completed commandExecution',
    ]);
  });

  it('that fails says so as status, error and end, and the thread can go on', async () => {
    const { peer, threadId } = await startThread();
    await peer.startTurn(threadId, 'fail no luck');
    const said = essential(await readTurn(peer));
    expect(said.slice(-3)).toEqual(['thread/status/changed systemError', 'error', 'turn/completed failed']);
    await peer.startTurn(threadId, 'say better');
    expect((await readTurn(peer)).at(-1)).toBe('turn/completed completed');
  });

  it('says nothing after its end, but for commands that were left running (EV-3)', async () => {
    const { peer, threadId, clock, processes } = await startThread(new ScriptedProcesses(hanging));
    const turnId = await peer.startTurn(threadId, 'run server');
    while (processes.running === 0) await macrotask();
    clock.advance(60_000);
    await readTurn(peer);
    for (let rounds = 0; rounds < 10; rounds += 1) await macrotask();
    const after = peer.drain();
    expect(after.filter((entry) => paramsOf(entry).turnId === turnId).map(kindOf)).toEqual([]);
    expect(processes.running).toBe(1);
  });

  it('started while another one runs joins it, with its overrides (EV-2)', async () => {
    const { peer, threadId, processes } = await startThread(new ScriptedProcesses(hanging));
    const turnId = await peer.startTurn(threadId, 'run wait');
    while (processes.running === 0) await macrotask();
    const params = { threadId, input: [{ type: 'text', text: 'say joined' }], approvalPolicy: 'untrusted' };
    const { turn } = await peer.request<{ turn: { id: string } }>('turn/start', params);
    expect(turn.id).toBe(turnId);
    expect(peer.drain().map(kindOf)).toContain('thread/settings/updated');
    await peer.request('turn/interrupt', { threadId, turnId });
    expect((await readTurn(peer)).at(-1)).toBe('turn/completed interrupted');
    expect(peer.view.stats.slotsTaken).toBe(0);
  });
});

describe('a steered turn', () => {
  it('cuts short what the model says and answers both inputs in one turn', async () => {
    const { peer, threadId } = await startThread();
    const turnId = await peer.startTurn(threadId, 'say before\nsleep 600000');
    await peer.readTo('item/agentMessage/delta');
    const input = [{ type: 'text', text: 'say after' }];
    await expect(
      peer.request('turn/steer', { threadId, input, expectedTurnId: turnId, clientUserMessageId: 'mine' }),
    ).resolves.toEqual({ turnId });
    const said = await peer.readTo('turn/completed');
    const items = said
      .filter((entry) => kindOf(entry) === 'item/completed')
      .map((entry) => paramsOf(entry).item);
    expect(items).toMatchObject([
      { type: 'agentMessage' },
      { type: 'userMessage', clientId: 'mine' },
      { type: 'agentMessage', text: 'after' },
    ]);
    expect(paramsOf(said.at(-1))).toMatchObject({ turn: { id: turnId, status: 'completed' } });
  });
});

/** Reads so many entries, or to the end of the turn. */
async function readSome(peer: TestPeer, count: number): Promise<ViewEntry[]> {
  const entries: ViewEntry[] = [];
  while (entries.length < count) {
    const entry = await peer.view.receive();
    if (entry === undefined) break;
    entries.push(entry);
    if (kindOf(entry) === 'turn/completed') break;
  }
  return entries;
}

describe('an interrupt', () => {
  const PROMPT = 'think a b\nsay c d\nrun one\nwrite f.txt text\nplan x; y\nrun two\nsay done';

  it('at each step ends the turn once, leaves nothing behind, and the thread goes on (EV-2, EV-3, AP-5)', async () => {
    let reached = 0;
    for (let step = 0; ; step += 1) {
      const { peer, threadId, processes } = await startThread();
      const turnId = await peer.startTurn(threadId, PROMPT);
      const before = await readSome(peer, step);
      if (before.some((entry) => kindOf(entry) === 'turn/completed')) break;
      const reply = await peer.ask('turn/interrupt', { threadId, turnId });
      const said = [...before, ...(await peer.readTo('turn/completed'))];
      const { turn } = paramsOf(said.at(-1)) as {
        readonly turn: { readonly id: string; readonly status: string };
      };
      expect(turn).toMatchObject({ id: turnId, status: 'result' in reply ? 'interrupted' : 'completed' });
      if ('result' in reply) reached += 1;
      await macrotask();
      expect(peer.drain().filter((entry) => paramsOf(entry).turnId === turnId)).toEqual([]);
      expect(processes.running).toBe(0);
      expect(peer.view.stats.slotsTaken).toBe(0);
      const started = said
        .filter((entry) => kindOf(entry) === 'item/started')
        .map((entry) => (paramsOf(entry).item as { id: string }).id);
      const completed = said
        .filter((entry) => kindOf(entry) === 'item/completed')
        .map((entry) => (paramsOf(entry).item as { id: string }).id);
      expect(new Set(completed)).toEqual(new Set(started));
      await peer.startTurn(threadId, 'say again');
      expect((await readTurn(peer)).at(-1)).toBe('turn/completed completed');
    }
    expect(reached).toBeGreaterThan(10);
  });

  it('of a command kills it, and says how it ended before the turn does', async () => {
    const { peer, threadId, processes } = await startThread(new ScriptedProcesses(hanging));
    const turnId = await peer.startTurn(threadId, 'run forever');
    while (processes.running === 0) await macrotask();
    await peer.request('turn/interrupt', { threadId, turnId });
    const said = await peer.readTo('turn/completed');
    const item = said
      .map((entry) => paramsOf(entry).item as { readonly type: string } | undefined)
      .findLast((found) => found?.type === 'commandExecution');
    expect(item).toMatchObject({ status: 'failed', exitCode: 137 });
    expect(processes.running).toBe(0);
  });

  it('is answered before the end of the turn is in the view', async () => {
    const { server } = await startTestRuntime();
    const unread: string[][] = [];
    const peer: TestPeer = await TestPeer.connect(server, {
      onReply: ({ id }) => {
        if (id === 'interrupt') unread.push(peer.drain().map(kindOf));
      },
    });
    const threadId = await peer.startThread();
    const turnId = await peer.startTurn(threadId, 'sleep 600000');
    await peer.readTo('item/completed');
    await peer.ask('turn/interrupt', { threadId, turnId }, 'interrupt');
    expect(unread).toEqual([[]]);
    expect((await peer.readTo('turn/completed')).map(kindOf)).toEqual([
      'thread/status/changed',
      'turn/completed',
    ]);
  });
});
