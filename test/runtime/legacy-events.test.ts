import type { Client, ClientEvent } from '@millrace/client';
import { type InProcessOptions, startInProcess } from '@millrace/client/in-process';
import { scriptedModel } from '@millrace/model';
import { memoryStore } from '@millrace/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ScriptedProcesses } from './scripted-processes.js';
import { TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime, temporaryDirectory } from './test-runtime.js';
import { type Line, WirePeer } from './wire-peer.js';

const clientInfo = { name: 'old', version: '1' };
const capabilities = { legacyEvents: true };
const FREE = { sandbox: 'danger-full-access', approvalPolicy: 'never' } as const;

async function start(options: Partial<InProcessOptions> = {}): Promise<Client> {
  const home = await temporaryDirectory();
  const adapters = { model: scriptedModel(), store: memoryStore(), processes: new ScriptedProcesses() };
  const client = await startInProcess({
    clientInfo,
    capabilities,
    home,
    cwd: home,
    ...adapters,
    ...options,
  });
  onTestFinished(() => client.shutdown());
  return client;
}

async function startTurn(client: Client, text: string, params: object = FREE): Promise<string> {
  const { thread } = await client.request('thread/start', params);
  await client.request('turn/start', { threadId: thread.id, input: [{ type: 'text', text }] });
  return thread.id;
}

const nameOf = (event: ClientEvent): string => ('method' in event ? event.method : event.type);
const isOld = (name: string): boolean => name.startsWith('codex/event/');

/** Reads up to and including the first event of that name. */
async function readTo(client: Client, name: string): Promise<ClientEvent[]> {
  const events: ClientEvent[] = [];
  for await (const event of client.events()) {
    events.push(event);
    if (nameOf(event) === name) break;
  }
  return events;
}

/** What happened, in the old words. */
function messages(events: readonly ClientEvent[]) {
  return events.flatMap((event) => (event.type === 'legacy' ? [event.params.msg] : []));
}

describe('a client with the capability legacyEvents', () => {
  it('is told each step of a turn in the old words, right before the new ones (EV-3)', async () => {
    const client = await start();
    const threadId = await startTurn(client, 'think hm\nrun ls\nplan a; b\nsay hello');
    const events = await readTo(client, 'turn/completed');
    const names = events.map(nameOf);
    expect(names.filter(isOld).filter((name) => !name.endsWith('/token_count'))).toEqual(
      [
        'task_started',
        'user_message',
        'agent_reasoning_section_break',
        'agent_reasoning_delta',
        'agent_reasoning',
        'exec_command_begin',
        'exec_command_end',
        'plan_update',
        'agent_message_delta',
        'agent_message',
        'task_complete',
      ].map((type) => `codex/event/${type}`),
    );
    expect(names.slice(-2)).toEqual(['codex/event/task_complete', 'turn/completed']);
    const turnId = events.flatMap((event) =>
      event.type === 'notification' && event.method === 'turn/started' ? [event.params.turn.id] : [],
    );
    const ofTurn = events.flatMap((event) => (event.type === 'legacy' ? [event.params] : []));
    expect(new Set(ofTurn.map(({ id, conversationId }) => `${id} ${conversationId}`))).toEqual(
      new Set([`${turnId} ${threadId}`]),
    );
    expect(messages(events).at(-1)).toEqual({
      type: 'task_complete',
      turn_id: turnId[0],
      last_agent_message: 'hello',
    });
  });

  it('is asked for a command in the old words too, and answers the question itself', async () => {
    const client = await start();
    await startTurn(client, 'run touch a', { sandbox: 'danger-full-access', approvalPolicy: 'untrusted' });
    const asked = await readTo(client, 'item/commandExecution/requestApproval');
    expect(asked.slice(-2).map(nameOf)[0]).toBe('codex/event/exec_approval_request');
    expect(messages(asked).at(-1)).toMatchObject({ cwd: expect.any(String), turn_id: expect.any(String) });
    const question = asked.at(-1);
    if (question?.type === 'request') client.respond(question.id, { decision: 'accept' });
    const types = messages(await readTo(client, 'turn/completed')).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['exec_command_end', 'task_complete']));
  });

  it('sees the files of a patch that it is asked about', async () => {
    const client = await start();
    await startTurn(client, 'write a.txt one', { sandbox: 'read-only', approvalPolicy: 'on-request' });
    const asked = await readTo(client, 'item/fileChange/requestApproval');
    const [begin, request] = messages(asked).slice(-2);
    expect(begin).toMatchObject({ type: 'patch_apply_begin' });
    expect(request).toMatchObject({ type: 'apply_patch_approval_request', changes: begin?.changes });
    expect(Object.values(request?.changes as object)).toEqual([{ type: 'add', content: 'one\n' }]);
  });

  it('gets those of a run in the view of the run', async () => {
    const client = await start();
    const { thread } = await client.request('thread/start', FREE);
    const run = client.runTurn({ threadId: thread.id, input: [{ type: 'text', text: 'say hi' }] });
    const names: string[] = [];
    for await (const event of run) names.push(nameOf(event));
    expect(names).toContain('codex/event/agent_message');
    expect(names.slice(-2)).toEqual(['codex/event/task_complete', 'turn/completed']);
  });

  it('is told that a turn was stopped, and for each of its threads that the server is over, last of all (EV-2, SD-4)', async () => {
    const client = await start();
    const idle = (await client.request('thread/start', FREE)).thread.id;
    const threadId = await startTurn(client, 'run sleep 1000');
    await readTo(client, 'item/started');
    await client.beginShutdown();
    const names: string[] = [];
    const over: string[] = [];
    for await (const event of client.events()) {
      names.push(nameOf(event));
      if (event.type === 'legacy' && event.params.msg.type === 'shutdown_complete')
        over.push(event.params.conversationId);
      if (over.length === 2) break;
    }
    await client.finishShutdown();
    expect(names.slice(-4)).toEqual([
      'codex/event/turn_aborted',
      'turn/completed',
      'codex/event/shutdown_complete',
      'codex/event/shutdown_complete',
    ]);
    expect(over).toEqual([idle, threadId]);
  });
});

describe('a view without room', () => {
  it('never drops an end in the old words, and says of the rest that it is missing (EV-2, EV-4)', async () => {
    const client = await start({ channelCapacity: 1, slowConsumerGraceMs: 0 });
    const { thread } = await client.request('thread/start', FREE);
    const threadId = thread.id;
    for (let turn = 0; turn < 3; turn += 1) {
      const input = [{ type: 'text' as const, text: 'think a\nstream 50\nsay b' }];
      await client.request('turn/start', { threadId, input });
      while ((await client.request('thread/read', { threadId })).thread.status.type !== 'idle')
        await macrotask();
    }
    const events: ClientEvent[] = [];
    for await (const event of client.events()) {
      events.push(event);
      if (events.filter((other) => nameOf(other) === 'turn/completed').length === 3) break;
    }
    const names = events.map(nameOf);
    const ends = names.flatMap((name, index) => (name === 'turn/completed' ? [names[index - 1]] : []));
    expect(ends).toEqual(Array.from({ length: 3 }, () => 'codex/event/task_complete'));
    expect(names.filter((name) => name === 'codex/event/agent_message')).toEqual([]);
    expect(events.find(({ type }) => type === 'lagged')).toMatchObject({
      byMethod: { 'item/agentMessage/delta': expect.any(Number) },
      threadIds: [threadId],
    });
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('holds, with legacyEvents %s, %i slot when nothing goes on, for the farewell (EV-8)', async (legacyEvents, slots) => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server, { capabilities: { legacyEvents } });
    await peer.startTurn(await peer.startThread(FREE), 'say a');
    await peer.readTo('turn/completed');
    expect(peer.view.stats.slotsTaken).toBe(slots);
    peer.leave();
    expect(peer.view.stats.slotsTaken).toBe(0);
  });

  it('on the wire is healed in the old words too, and never with what its client does not want (EV-4)', async () => {
    const { server } = await startTestRuntime();
    const stalled = new WirePeer(server, { isStalled: true, channelCapacity: 1, slowConsumerGraceMs: 0 });
    const helper = await WirePeer.connect(server);
    const threadId = await startWireThread(helper);
    const wanted = { ...capabilities, optOutNotificationMethods: ['item/completed'] };
    stalled.say({ id: 0, method: 'initialize', params: { clientInfo, capabilities: wanted } });
    stalled.say({ id: 1, method: 'thread/resume', params: { threadId } });
    for (let id = 100; id < 200; id += 1)
      stalled.say({ id, method: 'config/read', params: { includeLayers: true } });
    for (let rounds = 0; rounds < 50; rounds += 1) await macrotask();
    await runWireTurn(helper, threadId, 'think a\nsay b\nthink c\nsay d');
    stalled.readOn();
    await stalled.until((line) => line.method === 'turn/completed');
    const said = stalled.lines.flatMap(({ method, params }) =>
      method === 'codex/event/agent_message' ? [(params?.msg as { readonly message: string }).message] : [],
    );
    expect(said).toEqual(['b', 'd']);
    expect(stalled.lines.map(({ method }) => method)).not.toContain('item/completed');
    expect(stalled.lines.at(-2)?.method).toBe('codex/event/task_complete');
  });
});

describe('on a wire', () => {
  it('an event of the first generation stands in its envelope of old, and a client may want those alone', async () => {
    const { server } = await startTestRuntime();
    const wanted = {
      ...capabilities,
      optOutNotificationMethods: ['turn/completed', 'codex/event/agent_message'],
    };
    const peer = await WirePeer.connect(server, { capabilities: wanted });
    const threadId = await startWireThread(peer);
    await peer.ask('turn', 'turn/start', { threadId, input: [{ type: 'text', text: 'say hello' }] });
    const end = await peer.until((line) => line.method === 'codex/event/task_complete');
    expect(Object.keys(JSON.parse(end.text) as object)).toEqual(['method', 'params']);
    expect(Object.keys(end.params ?? {})).toEqual(['id', 'msg', 'conversationId']);
    await peer.ask('after', 'thread/loaded/list');
    const methods = peer.lines.map(({ method }) => method);
    expect(methods).not.toContain('turn/completed');
    expect(methods).not.toContain('codex/event/agent_message');
    expect(methods).toContain('item/completed');
  });

  it.each([
    [false, undefined, false],
    [false, true, true],
    [true, undefined, true],
    [true, false, false],
  ])('with legacyEvents %s of the server and %s of the client they are told: %s', async (ofServer, ofClient, isTold) => {
    const { server } = await startTestRuntime({ legacyEvents: ofServer });
    const given = ofClient === undefined ? {} : { legacyEvents: ofClient };
    const peer = await WirePeer.connect(server, { capabilities: given });
    await runWireTurn(peer, await startWireThread(peer), 'say hello');
    expect(peer.lines.some(({ method = '' }) => isOld(method))).toBe(isTold);
  });

  it('the last lines of a server that ends are the farewells of its threads (SD-4)', async () => {
    const { server, clock } = await startTestRuntime({ legacyEvents: true });
    const peer = await WirePeer.connect(server);
    const [first, second] = [await startWireThread(peer), await startWireThread(peer)];
    const ended = server.finishShutdown();
    for (let rounds = 0; rounds < 20; rounds += 1) {
      clock.advance(100);
      await macrotask();
    }
    await ended;
    expect(peer.lines.slice(-2).map(({ method, params }) => [method, params?.conversationId])).toEqual([
      ['codex/event/shutdown_complete', first],
      ['codex/event/shutdown_complete', second],
    ]);
  });
});

let lastId = 0;

async function startWireThread(peer: WirePeer): Promise<string> {
  lastId += 1;
  const { result } = await peer.ask(`thread-${lastId}`, 'thread/start', FREE);
  return (result as { readonly thread: { readonly id: string } }).thread.id;
}

async function runWireTurn(peer: WirePeer, threadId: string, text: string): Promise<Line> {
  await peer.ask('turn', 'turn/start', { threadId, input: [{ type: 'text', text }] });
  return peer.until((line) => line.method === 'turn/completed');
}
