import { CLIENT_REQUESTS, LIMITS, PROTOCOL_RELEASE } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { GatedStore } from './gated-store.js';
import { kindOf, paramsOf, type Reply, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime } from './test-runtime.js';

const OVERLOADED = -32_001;
const INVALID_REQUEST = -32_600;

const say = (threadId: string, text = 'say ok') => ({ threadId, input: [{ type: 'text', text }] });

function errorOf(reply: Reply): { readonly code: number; readonly message: string; readonly data?: unknown } {
  if ('error' in reply) return reply.error;
  throw new Error(`expected an error, got ${JSON.stringify(reply.result)}`);
}

/** A thread whose turn cannot end before the gate opens, so that a further `turn/start` keeps its key busy. */
async function busyThread(peer: TestPeer, store: GatedStore): Promise<string> {
  const threadId = await peer.startThread();
  store.closeGate();
  await peer.startTurn(threadId, 'say ok');
  while (store.syncs === 0) await macrotask();
  return threadId;
}

describe('requests', () => {
  it('are each answered exactly once, the good and the bad (RQ-1)', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread();
    const asked = [
      peer.ask('thread/read', { threadId }),
      peer.ask('no/such/method'),
      peer.ask('turn/start', {}),
      peer.ask('turn/start', say(threadId)),
      peer.ask('turn/interrupt', { threadId, turnId: '' }),
      peer.ask('turn/steer', { ...say(threadId), expectedTurnId: 'x' }),
      peer.ask('initialize', { clientInfo: { name: 'again', version: '1' } }),
      peer.ask('account/read'),
    ];
    await Promise.all(asked);
    await peer.readTo('turn/completed');
    await macrotask();
    const ids = peer.replies.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(2 + asked.length);
  });

  it('with the id of one that is in flight are refused, and the first one stays good (RQ-2)', async () => {
    const store = new GatedStore();
    const { server } = await startTestRuntime({ store });
    const peer = await TestPeer.connect(server);
    const threadId = await busyThread(peer, store);
    const first = peer.ask('turn/start', say(threadId), 'mine');
    await macrotask();
    const second: Reply[] = [];
    const other = await TestPeer.connect(server);
    peer.send({ type: 'request', id: 'mine', method: 'thread/loaded/list', params: {} });
    await macrotask();
    second.push(...peer.replies.filter(({ id }) => id === 'mine'));
    expect(second.map(errorOf)).toEqual([{ code: INVALID_REQUEST, message: 'duplicate request id: mine' }]);
    await expect(other.ask('thread/loaded/list', {}, 'mine')).resolves.toHaveProperty('result');

    store.openGate();
    await macrotask();
    const good = peer.replies.filter((reply) => reply.id === 'mine' && 'result' in reply);
    expect(good).toHaveLength(1);
    await first;
  });

  it('whose id was answered may use it again, and 7 is not "7" (RQ-2)', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    for (const id of [7, '7', 7, '7'])
      await expect(peer.ask('thread/loaded/list', {}, id)).resolves.toMatchObject({ id });
    expect(peer.replies.slice(1).map(({ id }) => id)).toEqual([7, '7', 7, '7']);
  });

  it('beyond the depth of a key are overloaded before any effect, and say when to come back (RQ-3)', async () => {
    const store = new GatedStore();
    const { server } = await startTestRuntime({ store });
    const signals: unknown[] = [];
    server.diagnostics.on('overload', (signal) => signals.push(signal));
    const peer = await TestPeer.connect(server, { channelCapacity: 1_000 });
    const threadId = await busyThread(peer, store);
    const held = peer.ask('turn/start', say(threadId));
    const waiting = Array.from({ length: LIMITS.keyedQueueDepth }, () =>
      peer.ask('thread/read', { threadId }),
    );
    const refused = errorOf(await peer.ask('turn/start', say(threadId, 'say never')));

    const queue = `thread:${threadId}`;
    const data = { retryable: true, queue, retryAfterMs: LIMITS.retryAfterMs };
    expect(refused).toEqual({ code: OVERLOADED, message: 'Server overloaded; retry later.', data });
    expect(signals).toEqual([{ connection: 0, queue, method: 'turn/start' }]);
    await expect(peer.ask('thread/loaded/list')).resolves.toHaveProperty('result');

    store.openGate();
    await Promise.all([held, ...waiting]);
    await peer.readTo('turn/completed');
    await peer.readTo('turn/completed');
    const read = await peer.request<{ thread: { turns: unknown[] } }>('thread/read', {
      threadId,
      includeTurns: true,
    });
    expect(read.thread.turns).toHaveLength(2);
    expect(JSON.stringify(read)).not.toContain('say never');
  });

  it('beyond what one connection may have in flight are overloaded, and other connections are not (RQ-3)', async () => {
    const store = new GatedStore();
    const { server } = await startTestRuntime({ store });
    const peer = await TestPeer.connect(server, { channelCapacity: 1_000 });
    const threadIds = [await peer.startThread(), await peer.startThread(), await peer.startThread()];
    store.closeGate();
    for (const threadId of threadIds) await peer.startTurn(threadId, 'say ok');
    while (store.syncs < threadIds.length) await macrotask();
    const asked = threadIds.flatMap((threadId) => [
      peer.ask('turn/start', say(threadId)),
      ...Array.from({ length: 100 }, () => peer.ask('thread/read', { threadId })),
    ]);
    const other = await TestPeer.connect(server);
    await expect(other.ask('thread/loaded/list')).resolves.toHaveProperty('result');
    store.openGate();
    const replies = await Promise.all(asked);
    const refused = replies.filter((reply) => 'error' in reply);
    expect(refused).toHaveLength(asked.length - LIMITS.inFlightRequests);
    for (const reply of refused)
      expect(errorOf(reply)).toMatchObject({ code: OVERLOADED, data: { queue: 'in-flight requests' } });
  });

  it('for a turn whose end could not be reported are overloaded, and no turn begins (RQ-3, EV-8)', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread();
    peer.drain();
    const slots = peer.view.tryReserveMany(LIMITS.reservedSlots);
    if (typeof slots === 'string') throw new Error(slots);
    expect(errorOf(await peer.ask('turn/start', say(threadId)))).toMatchObject({
      code: OVERLOADED,
      data: { queue: 'reserved slots' },
    });
    await macrotask();
    expect(peer.drain()).toEqual([]);
    for (const slot of slots) slot.release();
    await peer.startTurn(threadId, 'say ok');
    await peer.readTo('turn/completed');
    expect(peer.view.stats.slotsTaken).toBe(0);
  });

  it('for more threads than may be loaded are overloaded, and none is begun (RQ-3)', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    for (let count = 0; count < LIMITS.loadedThreads; count += 1) await peer.startThread();
    expect(errorOf(await peer.ask('thread/start'))).toMatchObject({
      code: OVERLOADED,
      data: { queue: 'loaded threads' },
    });
    const { data } = await peer.request<{ data: string[] }>('thread/loaded/list');
    expect(data).toHaveLength(LIMITS.loadedThreads);
  });

  it('before the handshake are refused, each of them, and change nothing (RQ-4)', async () => {
    const { server } = await startTestRuntime();
    const peer = new TestPeer(server);
    const initialized = await TestPeer.connect(server);
    const threadId = await initialized.startThread();
    const params = { ...say(threadId), turnId: '', expectedTurnId: 'x', name: 'x' };
    const methods = Object.keys(CLIENT_REQUESTS).filter((method) => method !== 'initialize');
    const told: string[] = [];
    for (const method of methods) {
      const { code, message } = errorOf(await peer.ask(method, params));
      expect(code).toBe(INVALID_REQUEST);
      told.push(message);
    }
    // Params are looked at first, as the reference server does; nothing else is.
    expect(told.filter((message) => !/^(Not initialized$|Invalid request: )/.test(message))).toEqual([]);
    expect(told.filter((message) => message === 'Not initialized').length).toBeGreaterThan(10);
    const bad = { clientInfo: { name: 'tab\u0007', version: '1' } };
    expect(errorOf(await peer.ask('initialize', bad)).message).toContain('Must be a valid HTTP header value');
    expect(errorOf(await peer.ask('thread/start')).message).toBe('Not initialized');
    expect(peer.drain()).toEqual([]);
    await expect(initialized.request('thread/loaded/list')).resolves.toMatchObject({ data: [threadId] });
    await expect(
      peer.ask('initialize', { clientInfo: { name: 'ok', version: '1' } }),
    ).resolves.toHaveProperty('result');
    expect(errorOf(await peer.ask('initialize', { clientInfo: { name: 'ok', version: '1' } })).message).toBe(
      'Already initialized',
    );
  });

  it('that open a session tell, before any other version, that of the protocol', async () => {
    const { server } = await startTestRuntime();
    const clientInfo = { name: 'editor', version: '9.9.9' };
    const { userAgent } = await new TestPeer(server).request<{ userAgent: string }>('initialize', {
      clientInfo,
    });
    // Clients that want a certain version take the first that they find.
    expect(/\d+\.\d+\.\d+/.exec(userAgent)?.[0]).toBe(PROTOCOL_RELEASE);
    expect(userAgent).toMatch(/^editor\/.* \(editor; 9\.9\.9\) millrace\/\d+\.\d+\.\d+$/);
  });

  it('that start a turn are answered before anything of that turn is in the view (RQ-5)', async () => {
    const { server } = await startTestRuntime();
    const early: string[] = [];
    const peer: TestPeer = await TestPeer.connect(server, {
      onReply: (reply) => {
        if (!('result' in reply) || !Object.hasOwn(reply.result as object, 'turn')) return;
        early.push(
          ...peer
            .drain()
            .filter((entry) => 'turnId' in paramsOf(entry) || 'turn' in paramsOf(entry))
            .map(kindOf),
        );
      },
    });
    const threadId = await peer.startThread();
    for (let turn = 0; turn < 5; turn += 1) {
      await peer.startTurn(threadId, 'say ok');
      const methods = (await peer.readTo('turn/completed')).map(kindOf);
      expect(methods).toContain('turn/started');
    }
    expect(early).toEqual([]);
  });

  it('answered late, twice or never asked for are dropped and counted (RQ-7)', async () => {
    const { server } = await startTestRuntime();
    let late = 0;
    server.diagnostics.on('lateAnswer', () => {
      late += 1;
    });
    const peer = await TestPeer.connect(server);
    peer.send({ type: 'result', id: 0, result: { decision: 'accept' } });
    peer.send({ type: 'result', id: 'no such id', result: null });
    peer.send({ type: 'error', id: -1, error: { code: 1, message: 'no' } });
    await macrotask();
    expect(late).toBe(3);
    await expect(peer.request('thread/loaded/list')).resolves.toEqual({ data: [], nextCursor: null });
  });

  it('that wait when their connection ends are settled within one macrotask (RQ-6)', async () => {
    const store = new GatedStore();
    const { server } = await startTestRuntime({ store });
    const peer = await TestPeer.connect(server);
    const threadId = await busyThread(peer, store);
    const waiting = peer.ask('turn/start', say(threadId));
    await macrotask();
    peer.leave();
    store.openGate();
    await expect(waiting).resolves.toHaveProperty('id');
    expect(peer.send({ type: 'notification', method: 'initialized', params: undefined })).toBe('closed');
  });
});
