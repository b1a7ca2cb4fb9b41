import { mkdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelClient, ModelEvent, ResponseItem } from '@millrace/core/ports';
import type { RequestId } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { printing, ScriptedProcesses } from './scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

const REQUEST = 'item/permissions/requestApproval';
const ON = { 'features.request_permissions_tool': true };
const CONFINED = { sandbox: 'workspace-write', approvalPolicy: 'on-request', config: ON } as const;

type Call = readonly [name: string, parameters: object];

/** A model that makes those calls, one a response and as many responses a turn as there are, and keeps what it was told. */
class CallingModel implements ModelClient {
  readonly provider = 'calling';
  readonly streamMaxRetries = 0;
  readonly models = [];
  readonly outputs: unknown[] = [];
  tools: readonly string[] = [];
  readonly #calls: (Call | undefined)[];

  constructor(calls: readonly (Call | undefined)[]) {
    this.#calls = [...calls];
  }

  async *stream({
    input,
    tools,
  }: Parameters<ModelClient['stream']>[0]): AsyncGenerator<readonly ModelEvent[]> {
    this.tools = tools.map(({ name }) => name);
    const last = input.at(-1);
    if (last?.type === 'function_call_output') this.outputs.push(parsed(last.output));
    const call = this.#calls.shift();
    const completed = { type: 'completed', responseId: 'r', usage: null } as const;
    if (call === undefined) return yield [completed];
    const item: ResponseItem = {
      type: 'function_call',
      call_id: `call_${this.#calls.length}`,
      name: call[0],
      arguments: JSON.stringify(call[1]),
    };
    yield [{ type: 'itemCompleted', item }, completed];
  }
}

function parsed(output: unknown): unknown {
  try {
    return JSON.parse(String(output));
  } catch {
    return output;
  }
}

const askFor = (permissions: object): Call => ['request_permissions', { reason: 'to build', permissions }];
const RUN: Call = ['exec_command', { cmd: 'make' }];

async function begin(calls: readonly (Call | undefined)[], policy: object = CONFINED) {
  const model = new CallingModel(calls);
  const processes = new ScriptedProcesses(printing(''));
  const cwd = await realpath(await temporaryDirectory());
  const runtime = await startTestRuntime({ model, processes, cwd });
  const peer = await TestPeer.connect(runtime.server);
  const threadId = await peer.startThread(policy);
  return { ...runtime, cwd, model, processes, peer, threadId };
}

async function readRequest(peer: TestPeer) {
  const request = (await peer.readTo(REQUEST)).at(-1);
  if (request === undefined || !('id' in request)) throw new Error('no request');
  return { id: request.id as RequestId, params: paramsOf(request) };
}

const toEnd = async (peer: TestPeer) => (await peer.readTo('turn/completed')).map(kindOf);
const write = (...paths: string[]) => ({ fileSystem: { write: paths } });

describe('asking for rights', () => {
  it('is offered to the model only where the feature is on', async () => {
    for (const config of [{}, ON]) {
      const { model, peer, threadId } = await begin([undefined], { ...CONFINED, config });
      await peer.startTurn(threadId, 'go');
      await toEnd(peer);
      expect(model.tools.includes('request_permissions')).toBe(config === ON);
    }
  });

  it('says what is wanted in the words of the protocol, and moves the walls for the rest of the turn', async () => {
    const { model, peer, threadId, processes, cwd } = await begin([
      askFor({ network: { enabled: true }, file_system: { write: ['/made/up'], read: ['below'] } }),
      RUN,
      undefined,
      RUN,
    ]);
    const turnId = await peer.startTurn(threadId, 'go');
    const { id, params } = await readRequest(peer);
    expect(params).toEqual({
      threadId,
      turnId,
      itemId: expect.any(String),
      environmentId: 'local',
      startedAtMs: expect.any(Number),
      cwd,
      reason: 'to build',
      permissions: {
        network: { enabled: true },
        fileSystem: {
          read: [`${cwd}/below`],
          write: ['/made/up'],
          entries: [
            { access: 'read', path: { type: 'path', path: `${cwd}/below` } },
            { access: 'write', path: { type: 'path', path: '/made/up' } },
          ],
        },
      },
    });
    peer.send({ type: 'result', id, result: { permissions: params.permissions } });
    await toEnd(peer);
    expect(model.outputs[0]).toEqual({
      permissions: {
        network: { enabled: true },
        file_system: { read: [`${cwd}/below`], write: ['/made/up'] },
      },
      scope: 'turn',
    });
    await peer.startTurn(threadId, 'go on');
    await toEnd(peer);
    expect(processes.spawned.map(({ sandbox }) => sandbox)).toEqual([
      { writableRoots: [cwd, '/made/up'], networkAccess: true },
      { writableRoots: [cwd], networkAccess: false },
    ]);
  });

  it('for the session moves them for later turns of this thread, and for no other thread', async () => {
    const { peer, threadId, processes, cwd } = await begin([
      askFor({ file_system: { write: ['/made/up'] } }),
      undefined,
      RUN,
      undefined,
      RUN,
    ]);
    await peer.startTurn(threadId, 'go');
    const { id } = await readRequest(peer);
    peer.send({ type: 'result', id, result: { permissions: write('/made/up'), scope: 'session' } });
    await toEnd(peer);
    await peer.startTurn(threadId, 'go on');
    await toEnd(peer);
    const other = await peer.startThread(CONFINED);
    await peer.startTurn(other, 'go');
    await toEnd(peer);
    expect(processes.spawned.map(({ sandbox }) => sandbox?.writableRoots)).toEqual([
      [cwd, '/made/up'],
      [cwd],
    ]);
  });

  it.each([
    { answer: 'less', permissions: write('/made/up/inner'), granted: ['/made/up/inner'] },
    { answer: 'more', permissions: write('/'), granted: ['/made/up'] },
    { answer: 'something else', permissions: write('/else'), granted: [] },
    { answer: 'nothing', permissions: {}, granted: [] },
    { answer: 'the network alone', permissions: { network: { enabled: true } }, granted: [] },
    {
      answer: 'a part that is denied too',
      permissions: {
        fileSystem: {
          write: ['/made/up'],
          entries: [{ access: 'deny', path: { type: 'path', path: '/made/up/inner' } }],
        },
      },
      granted: [],
    },
    {
      answer: 'a pattern',
      permissions: {
        fileSystem: { entries: [{ access: 'write', path: { type: 'glob_pattern', pattern: '/made/**' } }] },
      },
      granted: [],
    },
  ])('grants what was asked for and answered, both: $answer (AP-2)', async ({ permissions, granted }) => {
    const { peer, threadId, processes, cwd } = await begin([
      askFor({ file_system: { write: ['/made/up'] } }),
      RUN,
    ]);
    await peer.startTurn(threadId, 'go');
    const { id } = await readRequest(peer);
    peer.send({ type: 'result', id, result: { permissions } });
    await toEnd(peer);
    expect(processes.spawned.map(({ sandbox }) => sandbox)).toEqual([
      { writableRoots: [cwd, ...granted], networkAccess: false },
    ]);
  });

  it.each([
    { result: undefined },
    { result: { decision: 'accept' } },
    { result: { permissions: 'all' } },
    { result: { permissions: write('/made/up'), scope: 'ever' } },
  ])('answered with %j grants nothing (AP-2)', async ({ result }) => {
    const { model, peer, threadId } = await begin([askFor({ file_system: { write: ['/made/up'] } })]);
    await peer.startTurn(threadId, 'go');
    const { id } = await readRequest(peer);
    peer.send({ type: 'result', id, result });
    await toEnd(peer);
    expect(model.outputs).toEqual([{ permissions: {}, scope: 'turn' }]);
  });

  it('asks nobody where the policy does not let it, and grants nothing (AP-2)', async () => {
    const { model, peer, threadId } = await begin([askFor({ network: { enabled: true } })], {
      ...CONFINED,
      approvalPolicy: 'never',
    });
    await peer.startTurn(threadId, 'go');
    expect(await toEnd(peer)).not.toContain(REQUEST);
    expect(model.outputs).toEqual([{ permissions: {}, scope: 'turn' }]);
  });

  it('ends with its turn: a late answer grants nothing (AP-5)', async () => {
    const { peer, threadId, processes, cwd } = await begin([askFor({ network: { enabled: true } }), RUN]);
    const turnId = await peer.startTurn(threadId, 'go');
    const { id } = await readRequest(peer);
    await peer.request('turn/interrupt', { threadId, turnId });
    peer.send({
      type: 'result',
      id,
      result: { permissions: { network: { enabled: true } }, scope: 'session' },
    });
    await toEnd(peer);
    await peer.startTurn(threadId, 'go on');
    await toEnd(peer);
    expect(processes.spawned.map(({ sandbox }) => sandbox)).toEqual([
      { writableRoots: [cwd], networkAccess: false },
    ]);
  });

  it('names the directory that a link leads to, so that nobody grants another one (AP-3)', async () => {
    const { peer, threadId, cwd } = await begin([askFor({ file_system: { write: ['link'] } })]);
    const target = join(cwd, 'home');
    await mkdir(target, { recursive: true });
    await symlink(target, join(cwd, 'link'));
    await peer.startTurn(threadId, 'go');
    const { params } = await readRequest(peer);
    expect(params.permissions).toMatchObject({ fileSystem: { write: [target] } });
  });

  it.each([
    { permissions: {}, text: 'nothing is asked for' },
    { permissions: { file_system: { write: 'all' } }, text: 'lists of at most' },
    { permissions: { file_system: { write: [''] } }, text: 'lists of at most' },
    { permissions: { file_system: { write: Array(33).fill('/a') } }, text: 'lists of at most' },
  ])('tells the model what is wrong with $permissions', async ({ permissions, text }) => {
    const { model, peer, threadId } = await begin([askFor(permissions)]);
    await peer.startTurn(threadId, 'go');
    expect(await toEnd(peer)).not.toContain(REQUEST);
    expect(model.outputs).toEqual([expect.stringContaining(text)]);
  });
});
