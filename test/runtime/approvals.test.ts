import type { ModelClient, ModelEvent } from '@millrace/core/ports';
import type { RequestId } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { hanging, printing, ScriptedProcesses } from './scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime, type TestRuntime } from './test-runtime.js';

const REQUEST = 'item/commandExecution/requestApproval';
const CAREFUL = { sandbox: 'danger-full-access', approvalPolicy: 'untrusted' } as const;
const CONFINED = { sandbox: 'workspace-write', approvalPolicy: 'untrusted' } as const;

interface Asked extends TestRuntime {
  readonly peer: TestPeer;
  readonly threadId: string;
  readonly turnId: string;
  readonly requestId: RequestId;
  /** Answers of no effect, as the server counted them. */
  readonly ignored: () => number;
}

/** A turn that has asked whether a command may run. */
async function askToRun(prompt = 'run touch a', policy: object = CAREFUL): Promise<Asked> {
  const runtime = await startTestRuntime({ processes: new ScriptedProcesses(printing('')) });
  let ignored = 0;
  runtime.server.diagnostics.on('lateAnswer', () => {
    ignored += 1;
  });
  const peer = await TestPeer.connect(runtime.server);
  const threadId = await peer.startThread(policy);
  const turnId = await peer.startTurn(threadId, prompt);
  const requestId = await readRequest(peer);
  return { ...runtime, peer, threadId, turnId, requestId, ignored: () => ignored };
}

async function readRequest(peer: TestPeer, kind = REQUEST): Promise<RequestId> {
  const request = (await peer.readTo(kind)).at(-1);
  if (request === undefined || !('id' in request)) throw new Error('no request');
  return request.id;
}

interface End {
  readonly turn: { readonly id: string; readonly status: string };
}

/** Reads to the end of the turn: what became of it, and of its commands. */
async function readEnd(
  peer: TestPeer,
): Promise<{ readonly turn: string; readonly items: unknown[]; readonly methods: string[] }> {
  const entries = await peer.readTo('turn/completed');
  const items = entries
    .filter((entry) => kindOf(entry) === 'item/completed')
    .map((entry) => paramsOf(entry).item as { readonly type: string; readonly status?: string })
    .filter(({ type }) => type === 'commandExecution' || type === 'fileChange')
    .map(({ status }) => status);
  const { turn } = paramsOf(entries.at(-1)) as unknown as End;
  return { turn: turn.status, items, methods: entries.map(kindOf) };
}

const decision = (value: unknown) => ({ decision: value });

describe('an approval', () => {
  it.each([
    { answer: 'accept', result: decision('accept'), runs: 1, item: 'completed', turn: 'completed' },
    {
      answer: 'acceptForSession',
      result: decision('acceptForSession'),
      runs: 1,
      item: 'completed',
      turn: 'completed',
    },
    {
      answer: 'an amendment',
      result: decision({ acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch'] } }),
      runs: 1,
      item: 'completed',
      turn: 'completed',
    },
    { answer: 'decline', result: decision('decline'), runs: 0, item: 'declined', turn: 'completed' },
    { answer: 'cancel', result: decision('cancel'), runs: 0, item: 'declined', turn: 'interrupted' },
  ])('answered with $answer lets $runs command run, once (AP-1, AP-2)', async ({
    result,
    runs,
    item,
    turn,
  }) => {
    const { peer, requestId, processes } = await askToRun();
    peer.send({ type: 'result', id: requestId, result });
    const end = await readEnd(peer);
    expect(processes.scripts).toEqual(Array(runs).fill('touch a'));
    expect(end).toMatchObject({ turn, items: [item] });
    expect(end.methods.filter((method) => method === 'serverRequest/resolved')).toHaveLength(1);
  });

  it.each([
    { result: undefined },
    { result: null },
    { result: true },
    { result: 'accept' },
    { result: {} },
    { result: [] },
    { result: { decision: null } },
    { result: { decision: 'yes' } },
    { result: { decision: 'Accept' } },
    { result: { decision: ['accept'] } },
    { result: { decision: { accept: {} } } },
    { result: { decision: { acceptWithExecpolicyAmendment: {} } } },
    { result: { decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: 'touch' } } } },
    {
      result: {
        decision: {
          applyNetworkPolicyAmendment: { network_policy_amendment: { host: 'x', action: 'allow' } },
        },
      },
    },
    { result: { approved: true } },
  ])('answered with %j, which is no decision, lets nothing run and the turn go on (AP-2)', async ({
    result,
  }) => {
    const { peer, requestId, processes } = await askToRun();
    peer.send({ type: 'result', id: requestId, result });
    expect(await readEnd(peer)).toMatchObject({ turn: 'completed', items: ['failed'] });
    expect(processes.spawned).toEqual([]);
  });

  it('answered with an error lets nothing run (AP-2)', async () => {
    const { peer, requestId, processes } = await askToRun();
    peer.send({ type: 'error', id: requestId, error: { code: -1, message: 'accept' } });
    expect(await readEnd(peer)).toMatchObject({ turn: 'completed', items: ['failed'] });
    expect(processes.spawned).toEqual([]);
  });

  it('that nobody answers lets nothing run, however long it waits (AP-2)', async () => {
    const { clock, processes, server, threadId } = await askToRun();
    for (let hours = 0; hours < 48; hours += 1) {
      clock.advance(3_600_000);
      await macrotask();
    }
    expect(processes.spawned).toEqual([]);
    const other = await TestPeer.connect(server);
    const { thread } = await other.request<{ thread: { status: unknown } }>('thread/read', { threadId });
    expect(thread.status).toEqual({ type: 'active', activeFlags: ['waitingOnApproval'] });
  });

  it.each([
    { first: 'accept', second: 'decline', runs: 1 },
    { first: 'decline', second: 'accept', runs: 0 },
    { first: 'cancel', second: 'accept', runs: 0 },
    { first: 'accept', second: 'accept', runs: 1 },
  ])('answered twice counts the first time: $first, then $second (AP-6, RQ-7)', async ({
    first,
    second,
    runs,
  }) => {
    const { peer, requestId, processes, ignored } = await askToRun();
    peer.send({ type: 'result', id: requestId, result: decision(first) });
    peer.send({ type: 'result', id: requestId, result: decision(second) });
    await readEnd(peer);
    expect(processes.spawned).toHaveLength(runs);
    expect(ignored()).toBe(1);
  });

  it('answered by a connection that was not asked stays open, and nothing runs (AP-2, RQ-2)', async () => {
    const { server, peer, requestId, processes, ignored } = await askToRun();
    const forger = await TestPeer.connect(server);
    forger.send({ type: 'result', id: requestId, result: decision('accept') });
    await macrotask();
    expect(processes.spawned).toEqual([]);
    expect(ignored()).toBe(1);
    peer.send({ type: 'result', id: requestId, result: decision('decline') });
    expect(await readEnd(peer)).toMatchObject({ items: ['declined'] });
    expect(processes.spawned).toEqual([]);
  });

  it('answered under another id stays open, a number being no text (AP-2, RQ-2)', async () => {
    const { peer, requestId, processes, ignored } = await askToRun();
    for (const id of [String(requestId), Number(requestId) + 1, -1, '']) {
      peer.send({ type: 'result', id, result: decision('accept') });
    }
    await macrotask();
    expect(processes.spawned).toEqual([]);
    expect(ignored()).toBe(4);
  });

  it('does not outlive its turn: an answer after the interrupt lets nothing run (AP-5, RQ-7)', async () => {
    const { peer, threadId, turnId, requestId, processes, ignored } = await askToRun();
    await peer.request('turn/interrupt', { threadId, turnId });
    peer.send({ type: 'result', id: requestId, result: decision('accept') });
    const { turn, methods } = await readEnd(peer);
    await macrotask();
    expect(turn).toBe('interrupted');
    expect(methods.indexOf('serverRequest/resolved')).toBeLessThan(methods.indexOf('turn/completed'));
    expect(processes.spawned).toEqual([]);
    expect(ignored()).toBe(1);
  });

  it('of an earlier turn cannot be given to a later one (AP-3, AP-5)', async () => {
    const { peer, threadId, turnId, requestId, processes } = await askToRun();
    await peer.request('turn/interrupt', { threadId, turnId });
    await peer.startTurn(threadId, 'run touch b');
    const next = await readRequest(peer);
    expect(next).not.toBe(requestId);
    peer.send({ type: 'result', id: requestId, result: decision('accept') });
    await macrotask();
    expect(processes.spawned).toEqual([]);
    peer.send({ type: 'result', id: next, result: decision('accept') });
    await readEnd(peer);
    expect(processes.scripts).toEqual(['touch b']);
  });

  it('survives the connection that was asked, and whoever resumes the thread may answer (AP-1, AP-6)', async () => {
    const { server, peer, threadId, requestId, processes } = await askToRun();
    peer.leave();
    await macrotask();
    expect(processes.spawned).toEqual([]);
    const heir = await TestPeer.connect(server);
    await heir.request('thread/resume', { threadId });
    expect(await readRequest(heir)).toBe(requestId);
    heir.send({ type: 'result', id: requestId, result: decision('accept') });
    expect(await readEnd(heir)).toMatchObject({ turn: 'completed', items: ['completed'] });
    expect(processes.scripts).toEqual(['touch a']);
  });

  it('goes to every subscriber under one id; the first answer wins, and each is told (AP-6)', async () => {
    const { server, peer, threadId, requestId, processes, ignored } = await askToRun();
    const other = await TestPeer.connect(server);
    await other.request('thread/resume', { threadId });
    expect(await readRequest(other)).toBe(requestId);
    other.send({ type: 'result', id: requestId, result: decision('decline') });
    await macrotask();
    peer.send({ type: 'result', id: requestId, result: decision('accept') });
    for (const reader of [peer, other])
      expect((await readEnd(reader)).methods).toContain('serverRequest/resolved');
    expect(processes.spawned).toEqual([]);
    expect(ignored()).toBe(1);
  });

  it('for the session covers the same command and no other (AP-3)', async () => {
    const { peer, threadId, requestId, processes } = await askToRun();
    peer.send({ type: 'result', id: requestId, result: decision('acceptForSession') });
    await readEnd(peer);
    await peer.startTurn(threadId, 'run touch a\nrun touch a b');
    const next = await readRequest(peer);
    expect(processes.scripts).toEqual(['touch a', 'touch a']);
    peer.send({ type: 'result', id: next, result: decision('decline') });
    await readEnd(peer);
    expect(processes.spawned).toHaveLength(2);
    const elsewhere = await peer.startThread(CAREFUL);
    await peer.startTurn(elsewhere, 'run touch a');
    await readRequest(peer);
    expect(processes.spawned).toHaveLength(2);
  });

  it.each([
    { grant: 'for the session', result: decision('acceptForSession') },
    {
      grant: 'of a prefix',
      result: decision({ acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch'] } }),
    },
  ])('$grant inside the sandbox is none for the same command outside it; the other way round it is (AP-3)', async ({
    result,
  }) => {
    const { peer, threadId, requestId, processes } = await askToRun('run touch a', CONFINED);
    peer.send({ type: 'result', id: requestId, result });
    await readEnd(peer);
    await peer.startTurn(threadId, 'run! touch a');
    const outside = await readRequest(peer);
    expect(processes.spawned).toHaveLength(1);
    peer.send({ type: 'result', id: outside, result });
    await readEnd(peer);
    await peer.startTurn(threadId, 'run touch a\nrun! touch a');
    expect((await readEnd(peer)).methods).not.toContain(REQUEST);
    expect(processes.spawned).toHaveLength(4);
  });

  it('of a prefix covers simple commands that begin with it, and asks again for a compound (AP-3)', async () => {
    const { peer, threadId, requestId, processes } = await askToRun();
    const amendment = { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch'] } };
    peer.send({ type: 'result', id: requestId, result: decision(amendment) });
    await readEnd(peer);
    await peer.startTurn(threadId, 'run touch other\nrun touch x && rm -rf y');
    await readRequest(peer);
    expect(processes.scripts).toEqual(['touch a', 'touch other']);
  });

  it('of a patch lets nothing be written before the yes (AP-2)', async () => {
    const { server, processes } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread(CAREFUL);
    for (const [answer, status] of [
      ['decline', 'declined'],
      ['bogus', 'declined'],
      ['accept', 'completed'],
    ]) {
      await peer.startTurn(threadId, `write ${answer}.txt text`);
      const requestId = await readRequest(peer, 'item/fileChange/requestApproval');
      peer.send({ type: 'result', id: requestId, result: decision(answer) });
      expect(await readEnd(peer)).toMatchObject({ turn: 'completed', items: [status] });
    }
    expect(processes.spawned).toEqual([]);
  });
});

/** A model that calls for three commands in one response, then says that it is done. */
function threeCommands(): ModelClient {
  let hasAsked = false;
  async function* stream(): AsyncGenerator<readonly ModelEvent[]> {
    const commands = hasAsked ? [] : ['one', 'two', 'three'];
    hasAsked = true;
    const calls = commands.map((cmd): ModelEvent => {
      const item = {
        type: 'function_call' as const,
        call_id: `call_${cmd}`,
        name: 'exec_command',
        arguments: JSON.stringify({ cmd }),
      };
      return { type: 'itemCompleted', item };
    });
    yield [...calls, { type: 'completed', responseId: 'r', usage: null }];
  }
  return { provider: 'three', streamMaxRetries: 0, models: [], stream };
}

describe('a resumed thread', () => {
  it('replays every open question after the answer, in the order of their ids (AP-6)', async () => {
    const { server, processes } = await startTestRuntime({
      model: threeCommands(),
      processes: new ScriptedProcesses(hanging),
    });
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread(CAREFUL);
    await peer.startTurn(threadId, 'go');
    const ids = [await readRequest(peer), await readRequest(peer), await readRequest(peer)];
    const before: string[] = [];
    const other: TestPeer = new TestPeer(server, {
      onReply: () => before.push(...other.drain().map(kindOf)),
    });
    await other.request('initialize', { clientInfo: { name: 'other', version: '1' } });
    await other.request('thread/resume', { threadId });
    expect(before).not.toContain(REQUEST);
    expect([await readRequest(other), await readRequest(other), await readRequest(other)]).toEqual(ids);
    expect([...ids].sort()).toEqual(ids);

    await other.request('thread/resume', { threadId });
    expect(other.drain().filter((entry) => 'id' in entry)).toEqual([]);
    expect(processes.spawned).toEqual([]);
  });
});
