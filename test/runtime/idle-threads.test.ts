import { LIMITS } from '@millrace/protocol';
import type { Server } from '@millrace/runtime';
import type { VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { GatedStore } from './gated-store.js';
import { hanging, ScriptedProcesses } from './scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime, whileTimePasses } from './test-runtime.js';

const FREE = { sandbox: 'danger-full-access', approvalPolicy: 'never' } as const;
const LONG_ENOUGH_MS = LIMITS.idleThreadMs + LIMITS.idleSweepMs;

/** Lets so much time pass in small steps, so that what becomes due can do its work in between. */
async function pass(clock: VirtualClock, durationMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += LIMITS.idleSweepMs / 2) {
    clock.advance(LIMITS.idleSweepMs / 2);
    for (let ticks = 0; ticks < 3; ticks += 1) await macrotask();
  }
}

async function loadedIds(peer: TestPeer): Promise<readonly string[]> {
  const { data } = await peer.request<{ readonly data: readonly string[] }>('thread/loaded/list');
  return data;
}

/** A thread with one turn behind it, which the peer does not listen to any more. */
async function leftThread(peer: TestPeer, params: object = FREE): Promise<string> {
  const threadId = await peer.startThread(params);
  await peer.startTurn(threadId, 'say hello');
  await peer.readTo('turn/completed');
  await peer.request('thread/unsubscribe', { threadId });
  return threadId;
}

/** Begins threads until no more fit; the peer listens to all of them. */
async function fill(peer: TestPeer, count: number): Promise<readonly string[]> {
  const threadIds: string[] = [];
  for (let index = 0; index < count; index += 1) threadIds.push(await peer.startThread(FREE));
  peer.drain();
  return threadIds;
}

const twoPeers = async (server: Server): Promise<readonly [TestPeer, TestPeer]> => [
  await TestPeer.connect(server),
  await TestPeer.connect(server),
];

describe('a thread that nobody listens to', () => {
  it('is unloaded after half an hour in which nothing ran in it, and everybody is told', async () => {
    const { server, clock } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await leftThread(peer);
    peer.drain();
    await pass(clock, LIMITS.idleThreadMs - LIMITS.idleSweepMs);
    expect(await loadedIds(peer)).toEqual([threadId]);
    await pass(clock, 2 * LIMITS.idleSweepMs);
    expect(await loadedIds(peer)).toEqual([]);
    const told = peer.drain();
    expect(told.map(kindOf)).toEqual(['thread/status/changed', 'thread/closed']);
    expect(paramsOf(told[0])).toEqual({ threadId, status: { type: 'notLoaded' } });
    expect(paramsOf(told[1])).toEqual({ threadId });
    expect(clock.pending).toBe(0);
  });

  it('can be resumed afterwards with all that was said, and is answered as not found before', async () => {
    const { server, clock } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await leftThread(peer);
    await pass(clock, LONG_ENOUGH_MS);
    await expect(peer.startTurn(threadId, 'say more')).rejects.toThrow(
      `-32600 thread not found: ${threadId}`,
    );
    const { thread } = await peer.request<{ thread: { turns: unknown[]; status: unknown } }>(
      'thread/resume',
      {
        threadId,
      },
    );
    expect(thread).toMatchObject({ status: { type: 'idle' }, turns: [{ status: 'completed' }] });
    await peer.startTurn(threadId, 'say more');
    await peer.readTo('turn/completed');
  });

  it('counts from the later of two moments: the last one left, the last turn ended', async () => {
    const { server, clock } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await leftThread(peer);
    await pass(clock, LIMITS.idleThreadMs / 2);
    await peer.startTurn(threadId, 'say from outside');
    await pass(clock, LIMITS.idleThreadMs / 2 + 2 * LIMITS.idleSweepMs);
    expect(await loadedIds(peer)).toEqual([threadId]);
    await peer.request('thread/resume', { threadId });
    await peer.request('thread/unsubscribe', { threadId });
    await pass(clock, LIMITS.idleThreadMs - LIMITS.idleSweepMs);
    expect(await loadedIds(peer)).toEqual([threadId]);
    await pass(clock, 2 * LIMITS.idleSweepMs);
    expect(await loadedIds(peer)).toEqual([]);
  });

  it('stays while a turn runs in it, however long that takes', async () => {
    const { server, clock } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread(FREE);
    const longTurn = Array.from({ length: 20 }, (_, index) => `sleep 240000\nsay ${index}`).join('\n');
    await peer.startTurn(threadId, longTurn);
    await peer.request('thread/unsubscribe', { threadId });
    await pass(clock, LONG_ENOUGH_MS + LIMITS.idleSweepMs);
    expect(await loadedIds(peer)).toEqual([threadId]);
    await pass(clock, 20 * 240_000 + LONG_ENOUGH_MS);
    expect(await loadedIds(peer)).toEqual([]);
  });

  it('was left by a disconnect as much as by a request', async () => {
    const { server, clock } = await startTestRuntime();
    const [first, second] = await twoPeers(server);
    await first.startThread(FREE);
    first.leave();
    await pass(clock, LONG_ENOUGH_MS);
    expect(await loadedIds(second)).toEqual([]);
    expect(second.drain().map(kindOf)).toContain('thread/closed');
  });

  it('loses the commands that were left running with it', async () => {
    const processes = new ScriptedProcesses(hanging);
    const { server, clock } = await startTestRuntime({ processes });
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread(FREE);
    await peer.startTurn(threadId, 'run server');
    await whileTimePasses(clock, peer.readTo('turn/completed'));
    expect(processes.running).toBe(1);
    await peer.request('thread/unsubscribe', { threadId });
    await pass(clock, LONG_ENOUGH_MS);
    expect(await loadedIds(peer)).toEqual([]);
    expect(processes.running).toBe(0);
  });
});

describe('a thread that somebody listens to', () => {
  it('stays, and no timer runs for it', async () => {
    const { server, clock } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread(FREE);
    expect(clock.pending).toBe(0);
    await pass(clock, 2 * LONG_ENOUGH_MS);
    expect(await loadedIds(peer)).toEqual([threadId]);
  });
});

describe('a request that comes while a thread is unloaded', () => {
  it('waits until it is gone; then a resume loads it again (TS-5)', async () => {
    const store = new GatedStore();
    const { server, clock } = await startTestRuntime({ store });
    const peer = await TestPeer.connect(server);
    const threadId = await leftThread(peer);
    await pass(clock, LIMITS.idleThreadMs - LIMITS.idleSweepMs);
    store.closeGate();
    for (let seconds = 0; (await loadedIds(peer)).length > 0; seconds += 1) {
      expect(seconds).toBeLessThan(200);
      clock.advance(1_000);
    }
    const resumed = peer.request<{ thread: { turns: unknown[] } }>('thread/resume', { threadId });
    const unsubscribed = peer.request('thread/unsubscribe', { threadId });
    await macrotask();
    expect(peer.drain().map(kindOf)).not.toContain('thread/closed');
    store.openGate();
    const { thread } = await resumed;
    expect(thread.turns).toHaveLength(1);
    await expect(unsubscribed).resolves.toEqual({ status: 'unsubscribed' });
    const told = peer.drain().filter((entry) => paramsOf(entry).threadId === threadId);
    expect(told.map(kindOf).slice(0, 3)).toEqual([
      'thread/status/changed',
      'thread/closed',
      'thread/status/changed',
    ]);
  });
});

describe('when as many threads are loaded as fit', () => {
  it('the one that was idle for longest makes room for a new one', async () => {
    const { server, clock } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const older = await leftThread(peer);
    clock.advance(1);
    const newer = await leftThread(peer);
    await fill(peer, LIMITS.loadedThreads - 2);
    const threadId = await peer.startThread(FREE);
    const loaded = await loadedIds(peer);
    expect(loaded).toHaveLength(LIMITS.loadedThreads);
    expect(loaded).not.toContain(older);
    expect(loaded).toContain(newer);
    expect(loaded).toContain(threadId);
    const told = peer.drain().map((entry) => [kindOf(entry), paramsOf(entry).threadId]);
    expect(told.slice(0, 2)).toEqual([
      ['thread/status/changed', older],
      ['thread/closed', older],
    ]);
  });

  it('one that cannot be loaded again, or whose commands run, goes last or not at all', async () => {
    const { server, clock } = await startTestRuntime({ processes: new ScriptedProcesses(hanging) });
    const peer = await TestPeer.connect(server);
    const ephemeral = await leftThread(peer, { ...FREE, ephemeral: true });
    const busy = await peer.startThread(FREE);
    await peer.startTurn(busy, 'run server');
    await whileTimePasses(clock, peer.readTo('turn/completed'));
    await peer.request('thread/unsubscribe', { threadId: busy });
    const kept = await leftThread(peer);
    const listened = await fill(peer, LIMITS.loadedThreads - 3);
    await peer.startThread(FREE);
    expect(await loadedIds(peer)).not.toContain(kept);
    await peer.request('thread/fork', { threadId: kept });
    const loaded = await loadedIds(peer);
    expect(loaded).not.toContain(ephemeral);
    expect(loaded).toContain(busy);
    for (const threadId of listened) expect(loaded).toContain(threadId);
    await expect(peer.startThread(FREE)).rejects.toThrow('-32001');
    await expect(peer.request('thread/resume', { threadId: kept })).rejects.toThrow('-32001');
    await expect(peer.request('thread/fork', { threadId: kept })).rejects.toThrow('-32001');
    expect(await loadedIds(peer)).toHaveLength(LIMITS.loadedThreads);
  });

  it('never holds more than fit, though many come at once', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const source = await leftThread(peer);
    await leftThread(peer);
    await leftThread(peer);
    await fill(peer, LIMITS.loadedThreads - 3);
    const asked = Array.from({ length: 8 }, (_, index) =>
      index % 2 === 0 ? peer.ask('thread/start', FREE) : peer.ask('thread/fork', { threadId: source }),
    );
    const replies = await Promise.all(asked);
    expect(replies.filter((reply) => 'result' in reply)).toHaveLength(2); // The source is in use.
    expect(await loadedIds(peer)).toHaveLength(LIMITS.loadedThreads);
  });
});

describe('a connection that is gone before its thread is loaded', () => {
  it('is not kept as a listener', async () => {
    const { server, clock } = await startTestRuntime();
    const [first, second] = await twoPeers(server);
    const threadId = await leftThread(first);
    await pass(clock, LONG_ENOUGH_MS);
    void first.ask('thread/resume', { threadId });
    first.leave();
    await pass(clock, LONG_ENOUGH_MS);
    expect(await loadedIds(second)).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
