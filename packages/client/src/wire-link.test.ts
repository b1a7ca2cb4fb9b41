import type { Clock } from '@millrace/channel';
import { TestTransport, VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { Client } from './client.js';
import type { ClientEvent } from './client-event.js';
import { TransportError } from './errors.js';
import { WireLink } from './wire-link.js';

function connect(
  channelCapacity = 128,
  clock: Clock = new VirtualClock(),
): { readonly peer: TestTransport; readonly client: Client } {
  const peer = new TestTransport();
  const link = new WireLink({
    clock,
    transport: peer,
    channelCapacity,
    connect: () => Promise.reject(new Error('one connection')),
    explain: () => 'the peer hung up',
    endInput: () => peer.hangUp(),
    finish: () => Promise.resolve(),
  });
  return { peer, client: new Client(link) };
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const delta = (text: string, turnId = 'u') => ({
  method: 'item/agentMessage/delta',
  params: { threadId: 't', turnId, itemId: 'i', delta: text },
});
const completed = (id = 'u') => ({
  method: 'turn/completed',
  params: { threadId: 't', turn: { id, items: [], status: 'completed' } },
});

describe('a client over a wire', () => {
  it('pairs answers with requests by id, in whatever order they come (RQ-2)', async () => {
    const { peer, client } = connect();
    const [first, second] = [client.request('thread/loaded/list'), client.request('model/list')];
    await macrotask();
    const [a, b] = peer.said;
    peer.say({ id: b?.id, result: { data: ['b'] } }, { id: a?.id, result: { data: ['a'] } });
    await expect(first).resolves.toEqual({ data: ['a'] });
    await expect(second).resolves.toEqual({ data: ['b'] });
  });

  it('settles every call and tells the stream with the same cause within one macrotask when the peer is gone (RQ-6)', async () => {
    const { peer, client } = connect();
    const calls = [client.request('thread/loaded/list'), client.request('model/list')];
    const run = client.runTurn({ threadId: 't', input: [] });
    const settled = Promise.allSettled([...calls, run.started, run.completed]);
    await macrotask();
    peer.hangUp();
    await macrotask();
    const causes = (await settled).map(
      (outcome) => (outcome as PromiseRejectedResult).reason as TransportError,
    );
    expect(causes.map(({ kind, message }) => [kind, message])).toEqual(
      causes.map(() => ['ConnectionAborted', 'receive transport error: the peer hung up']),
    );
    const events: ClientEvent[] = [];
    for await (const event of client.events()) events.push(event);
    expect(events).toEqual([{ type: 'disconnected', message: 'receive transport error: the peer hung up' }]);
    await expect(client.request('model/list')).rejects.toThrow(TransportError);
  });

  it('ends by a write that fails as by a read that ends (RQ-6)', async () => {
    const { peer, client } = connect();
    peer.failure = new Error('EPIPE');
    await expect(client.request('model/list')).rejects.toMatchObject({ kind: 'ConnectionAborted' });
  });

  it('gives a run the events of its turn, from the first one on, and everything else to the stream (RQ-5)', async () => {
    const { peer, client } = connect();
    const run = client.runTurn({ threadId: 't', input: [] });
    await macrotask();
    const turn = { id: 'u', items: [], status: 'inProgress' };
    peer.say({ id: peer.said[0]?.id, result: { turn } }, delta('a'), delta('other', 'v'), completed());
    const methods: string[] = [];
    for await (const event of run) if (event.type === 'notification') methods.push(event.method);
    expect(methods).toEqual(['item/agentMessage/delta', 'turn/completed']);
    expect((await run.completed).status).toBe('completed');
    const { value } = await client.events().next();
    expect(value).toMatchObject({ params: { turnId: 'v' } });
  });

  it('stops reading the wire while its reader is slow, and loses nothing', async () => {
    const { peer, client } = connect(2);
    const events = client.events();
    for (let index = 0; index < 100; index += 1) peer.say(delta(String(index)));
    for (let turns = 0; turns < 10; turns += 1) await macrotask();
    expect(peer.taken).toBe(3);
    const texts: string[] = [];
    for (let index = 0; index < 100; index += 1) {
      const { value } = await events.next();
      if (value?.type === 'notification' && value.method === 'item/agentMessage/delta')
        texts.push(value.params.delta);
    }
    expect(texts).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  });

  it('reads on while it waits for an answer itself: a gap is told, and healed by the state of the thread (EV-4, EV-6)', async () => {
    const { peer, client } = connect(2);
    const events = client.events();
    for (let index = 0; index < 10; index += 1) peer.say(delta(String(index)));
    await macrotask();
    const answer = client.request('model/list');
    await macrotask();
    peer.say({ id: peer.said[0]?.id, result: { data: [] } }, completed());
    await expect(answer).resolves.toEqual({ data: [] });
    const seen: ClientEvent[] = [];
    for (let index = 0; index < 4; index += 1) seen.push((await events.next()).value as ClientEvent);
    expect(seen.map(({ type }) => type)).toEqual(['notification', 'notification', 'lagged', 'notification']);
    expect(seen[2]).toMatchObject({ skipped: 8, threadIds: ['t'] });
    expect(seen[3]).toMatchObject({ method: 'turn/completed' });
    await macrotask();
    const asked = peer.said.find(({ method }) => method === 'thread/read');
    const turns = [
      { id: 'u', status: 'completed', items: [{ type: 'agentMessage', id: 'i', text: '0123456789' }] },
    ];
    peer.say({ id: asked?.id, result: { thread: { id: 't', turns } } }, delta('later'));
    const healed = (await events.next()).value;
    expect(healed).toMatchObject({
      type: 'resynced',
      threadId: 't',
      activeTurn: { items: [{ text: '0123456789' }] },
    });
    expect((await events.next()).value).toMatchObject({ params: { delta: 'later' } });
  });

  it('refuses server requests that it does not know, and answers the others by its handler', async () => {
    const { peer, client } = connect();
    client.setRequestHandler(({ method }) =>
      method === 'item/fileChange/requestApproval' ? { decision: 'accept' } : Promise.reject(new Error('no')),
    );
    peer.say(
      { id: 7, method: 'no/such/request', params: {} },
      { id: 8, method: 'item/fileChange/requestApproval', params: { threadId: 't' } },
      { id: 9, method: 'item/tool/requestUserInput', params: { threadId: 't' } },
    );
    await macrotask();
    await macrotask();
    expect(peer.said).toEqual([
      { id: 7, error: { code: -32_601, message: 'unsupported request: no/such/request' } },
      { id: 8, result: { decision: 'accept' } },
      { id: 9, error: { code: -32_603, message: 'no' } },
    ]);
  });

  it('passes on notifications that nobody knows, and ignores what is no message', async () => {
    const { peer, client } = connect();
    peer.say(42, [], { id: 99, result: 'nobody asked' }, { method: 'new/thing', params: { a: 1 } });
    const { value } = await client.events().next();
    expect(value).toEqual({ type: 'notification', method: 'new/thing', params: { a: 1 } });
  });

  it('keeps the ends of the first generation where nothing else finds room, and tells a run those of its turn (EV-2)', async () => {
    const old = (type: string, id = 'u') => ({
      method: `codex/event/${type}`,
      params: { id, msg: { type }, conversationId: 't' },
    });
    const { peer, client } = connect(1);
    const run = client.runTurn({ threadId: 't', input: [] });
    await macrotask();
    const turn = { id: 'u', items: [], status: 'inProgress' };
    peer.say({ id: peer.said[0]?.id, result: { turn } }, delta('a'), delta('b'));
    peer.say(old('agent_message_delta'), old('task_complete'), completed(), old('task_complete', 'v'));
    const ended = await run.completed;
    const seen: ClientEvent[] = [];
    for await (const event of run) seen.push(event);
    expect(ended.status).toBe('completed');
    expect(seen.map((event) => ('method' in event ? event.method : event.type))).toEqual([
      'item/agentMessage/delta',
      'lagged',
      'codex/event/task_complete',
      'turn/completed',
    ]);
    expect(seen[1]).toMatchObject({ skipped: 2, threadIds: ['t'] });
    const { value } = await client.events().next();
    expect(value).toEqual({ type: 'legacy', ...old('task_complete', 'v') });
  });

  it('ends quietly when it is asked to: what was said can be read to the end, and no cause is shown', async () => {
    const { peer, client } = connect();
    peer.say(delta('last'));
    await macrotask();
    await client.shutdown();
    const kinds: string[] = [];
    for await (const event of client.events()) kinds.push(event.type);
    expect(kinds).toEqual(['notification']);
    await expect(client.request('model/list')).rejects.toMatchObject({ kind: 'BrokenPipe' });
  });
});
