import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ThreadRecord } from '@millrace/core/ports';
import type { RequestId } from '@millrace/protocol';
import { memoryStore } from '@millrace/store';
import { describe, expect, it } from 'vitest';
import { GatedStore } from './gated-store.js';
import { printing, ScriptedProcesses } from './scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime, temporaryDirectory } from './test-runtime.js';

const REQUEST = 'item/commandExecution/requestApproval';
const CONFINED = { sandbox: 'workspace-write', approvalPolicy: 'untrusted' } as const;
const amendment = (...words: string[]) => ({
  decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: words } },
});

async function begin(options: Parameters<typeof startTestRuntime>[0] = {}) {
  const processes = new ScriptedProcesses(printing(''));
  const runtime = await startTestRuntime({ processes, ...options });
  const peer = await TestPeer.connect(runtime.server);
  const threadId = await peer.startThread(CONFINED);
  return { ...runtime, peer, threadId };
}

async function readRequest(peer: TestPeer): Promise<RequestId> {
  const request = (await peer.readTo(REQUEST)).at(-1);
  if (request === undefined || !('id' in request)) throw new Error('no request');
  return request.id;
}

async function readEnd(peer: TestPeer) {
  const entries = await peer.readTo('turn/completed');
  const { turn } = paramsOf(entries.at(-1)) as {
    turn: { status: string; error: { message: string } | null };
  };
  return { ...turn, methods: entries.map(kindOf) };
}

function approvalsIn(records: readonly ThreadRecord[] | undefined) {
  return (records ?? []).flatMap((record) => (record.type === 'approval' ? [record] : []));
}

describe('an answer to an approval', () => {
  it('is on disk before the command that it allows is started (AP-4)', async () => {
    const store = new GatedStore();
    const { peer, threadId, processes } = await begin({ store });
    const turnId = await peer.startTurn(threadId, 'run touch a');
    const requestId = await readRequest(peer);
    store.closeGate();
    peer.send({ type: 'result', id: requestId, result: { decision: 'accept' } });
    for (let turns = 0; turns < 50; turns += 1) await macrotask();
    expect(processes.spawned).toEqual([]);
    store.openGate();
    expect(await readEnd(peer)).toMatchObject({ status: 'completed' });
    expect(processes.scripts).toEqual(['touch a']);
    const records = (await store.read(threadId)) ?? [];
    expect(approvalsIn(records)).toEqual([
      {
        type: 'approval',
        turnId,
        itemId: expect.any(String),
        method: REQUEST,
        action: expect.stringMatching(/^[0-9a-f]{64}$/),
        outcome: 'accepted',
        answer: 'accept',
        decidedAtMs: expect.any(Number),
      },
    ]);
  });

  it('that cannot be written lets nothing run, and the turn fails (AP-2, AP-4)', async () => {
    const store = new GatedStore();
    const { peer, threadId, processes } = await begin({ store });
    await peer.startTurn(threadId, 'run touch a');
    const requestId = await readRequest(peer);
    store.break();
    peer.send({ type: 'result', id: requestId, result: { decision: 'accept' } });
    const { status, error } = await readEnd(peer);
    expect([status, error?.message]).toEqual(['failed', expect.stringContaining('could not be saved')]);
    expect(processes.spawned).toEqual([]);
  });

  it('that was written while the turn was interrupted lets nothing run (AP-4, AP-5)', async () => {
    const store = new GatedStore();
    const { peer, threadId, processes } = await begin({ store });
    const turnId = await peer.startTurn(threadId, 'run touch a');
    const requestId = await readRequest(peer);
    store.closeGate();
    peer.send({ type: 'result', id: requestId, result: { decision: 'accept' } });
    await macrotask();
    const interrupted = peer.request('turn/interrupt', { threadId, turnId });
    await macrotask();
    store.openGate();
    await interrupted;
    expect(await readEnd(peer)).toMatchObject({ status: 'interrupted' });
    expect(processes.spawned).toEqual([]);
  });

  it('is recorded whatever it was, and a thread with such records is read back (AP-1)', async () => {
    const store = memoryStore();
    const { server, peer, threadId } = await begin({ store });
    for (const decision of ['accept', 'decline', 'nonsense', 'cancel']) {
      await peer.startTurn(threadId, 'run touch a');
      peer.send({ type: 'result', id: await readRequest(peer), result: { decision } });
      await readEnd(peer);
    }
    await peer.request('thread/unsubscribe', { threadId });
    const records = approvalsIn(await store.read(threadId));
    expect(records.map(({ outcome, answer }) => [outcome, answer])).toEqual([
      ['accepted', 'accept'],
      ['declined', 'decline'],
      ['failed', null],
      ['cancelled', 'cancel'],
    ]);
    expect(new Set(records.map(({ action }) => action)).size).toBe(1);
    const reader = await TestPeer.connect(server);
    const { thread } = await reader.request<{ thread: { turns: unknown[] } }>('thread/read', {
      threadId,
      includeTurns: true,
    });
    expect(thread.turns).toHaveLength(4);
  });

  it.each([
    { what: 'the directory', overrides: { cwd: '/' } },
    {
      what: 'the walls',
      overrides: { sandboxPolicy: { type: 'workspaceWrite', networkAccess: true } },
    },
    { what: 'the sandbox as a whole', overrides: { sandboxPolicy: { type: 'dangerFullAccess' } } },
  ])('for the session does not count where $what became another (AP-3)', async ({ overrides }) => {
    const { peer, threadId, processes } = await begin();
    await peer.startTurn(threadId, 'run touch a');
    peer.send({ type: 'result', id: await readRequest(peer), result: { decision: 'acceptForSession' } });
    await readEnd(peer);
    await peer.startTurn(threadId, 'run touch a');
    expect((await readEnd(peer)).methods).not.toContain(REQUEST);
    expect(processes.spawned).toHaveLength(2);
    await peer.request('turn/start', {
      threadId,
      input: [{ type: 'text', text: 'run touch a' }],
      ...overrides,
    });
    const next = await readRequest(peer);
    expect(processes.spawned).toHaveLength(2);
    peer.send({ type: 'result', id: next, result: { decision: 'decline' } });
    await readEnd(peer);
    expect(processes.spawned).toHaveLength(2);
  });

  it('binds the walls of the time when it was asked for, whatever changes meanwhile (AP-3)', async () => {
    const { peer, threadId, processes, cwd } = await begin();
    await peer.startTurn(threadId, 'run touch a');
    const requestId = await readRequest(peer);
    await peer.request('turn/start', {
      threadId,
      input: [{ type: 'text', text: 'say more' }],
      sandboxPolicy: { type: 'dangerFullAccess' },
    });
    peer.send({ type: 'result', id: requestId, result: { decision: 'accept' } });
    await readEnd(peer);
    expect(processes.spawned.map(({ sandbox }) => sandbox)).toEqual([
      { writableRoots: [cwd], networkAccess: false },
    ]);
  });

  it('that does not come in time counts as no, where a time is set (AP-2, AP-7)', async () => {
    const { clock, peer, threadId, processes } = await begin({ answerTimeoutMs: 60_000 });
    await peer.startTurn(threadId, 'run touch a');
    const requestId = await readRequest(peer);
    clock.advance(59_999);
    await macrotask();
    expect(peer.drain().map(kindOf)).not.toContain('serverRequest/resolved');
    clock.advance(1);
    const { status, methods } = await readEnd(peer);
    expect([status, methods.filter((method) => method === 'serverRequest/resolved').length]).toEqual([
      'completed',
      1,
    ]);
    peer.send({ type: 'result', id: requestId, result: { decision: 'accept' } });
    await macrotask();
    expect(processes.spawned).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

describe('a rule that an amendment makes', () => {
  it('is kept in the home for its owner alone, and counts after a restart, in every thread', async () => {
    const home = join(await temporaryDirectory(), 'home');
    const { peer, threadId } = await begin({ home });
    await peer.startTurn(threadId, 'run touch a');
    peer.send({ type: 'result', id: await readRequest(peer), result: amendment('touch') });
    await readEnd(peer);
    const path = join(home, 'rules/default.rules');
    expect(await readFile(path, 'utf8')).toBe(
      'prefix_rule(pattern=["touch"], decision="allow", where="sandbox")\n',
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    const later = await begin({ home });
    await later.peer.startTurn(later.threadId, 'run touch b\nrun touch b && rm c');
    const requestId = await readRequest(later.peer);
    expect(later.processes.scripts).toEqual(['touch b']);
    later.peer.send({ type: 'result', id: requestId, result: { decision: 'decline' } });
    await readEnd(later.peer);
    expect(later.processes.scripts).toEqual(['touch b']);
  });

  it('for the inside of a sandbox allows nothing outside of one, in any thread (AP-3)', async () => {
    const { peer, threadId, processes } = await begin();
    await peer.startTurn(threadId, 'run touch a');
    peer.send({ type: 'result', id: await readRequest(peer), result: amendment('touch') });
    await readEnd(peer);
    const free = await peer.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'untrusted' });
    await peer.startTurn(free, 'run touch a');
    await readRequest(peer);
    expect(processes.spawned).toHaveLength(1);
  });

  it('of no words makes none, and the yes counts once (AP-2)', async () => {
    const { peer, threadId, processes } = await begin();
    await peer.startTurn(threadId, 'run touch a\nrun touch a');
    peer.send({ type: 'result', id: await readRequest(peer), result: amendment() });
    await readRequest(peer);
    expect(processes.spawned).toHaveLength(1);
  });

  it('that cannot be kept counts for this process, and the yes stands', async () => {
    const home = await temporaryDirectory();
    await writeFile(join(home, 'rules'), 'in the way');
    const { server, peer, threadId, processes } = await begin({ home });
    const faults: unknown[] = [];
    server.diagnostics.on('fault', (fault) => faults.push(fault));
    await peer.startTurn(threadId, 'run touch a\nrun touch b');
    peer.send({ type: 'result', id: await readRequest(peer), result: amendment('touch') });
    expect(await readEnd(peer)).toMatchObject({ status: 'completed' });
    expect(processes.scripts).toEqual(['touch a', 'touch b']);
    expect(faults).toHaveLength(1);
  });
});

describe('a rules file', () => {
  async function homeWith(text: string): Promise<string> {
    const home = await temporaryDirectory();
    await mkdir(join(home, 'rules'));
    await writeFile(join(home, 'rules/own.rules'), text);
    return home;
  }

  it('that forbids a command has it refused without a question', async () => {
    const home = await homeWith('prefix_rule(pattern=["rm"], decision="forbidden")\n');
    const { peer, threadId, processes } = await begin({ home });
    await peer.startTurn(threadId, 'run rm -rf a');
    expect((await readEnd(peer)).methods).not.toContain(REQUEST);
    expect(processes.spawned).toEqual([]);
  });

  it('that cannot be understood is told to every client, and does not count', async () => {
    const home = await homeWith('prefix_rule(pattern=["touch"])\nnonsense(');
    const { server, processes } = await startTestRuntime({ home });
    const peer = new TestPeer(server);
    await peer.request('initialize', { clientInfo: { name: 'test', version: '1' } });
    const warning = (await peer.readTo('configWarning')).at(-1);
    expect(paramsOf(warning)).toMatchObject({ summary: expect.stringContaining('Error parsing rules') });
    await peer.startTurn(await peer.startThread(CONFINED), 'run touch a');
    await readRequest(peer);
    expect(processes.spawned).toEqual([]);
  });
});
