import { describe, expect, it } from 'vitest';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime, type TestRuntime } from './test-runtime.js';
import { WirePeer } from './wire-peer.js';

const GRACE_MS = 2_000;

interface Stalled extends TestRuntime {
  readonly peer: TestPeer;
  readonly threadId: string;
}

/** A turn that waits for the connection that started it, which has room for two events and reads none. */
async function stall(): Promise<Stalled> {
  const runtime = await startTestRuntime();
  const peer = await TestPeer.connect(runtime.server, { channelCapacity: 2, slowConsumerGraceMs: GRACE_MS });
  const threadId = await peer.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
  peer.drain();
  peer.view.open();
  await peer.startTurn(threadId, 'think a\nsay b\nthink c\nsay d');
  await settle();
  return { ...runtime, peer, threadId };
}

/** Long enough for a turn that waits for nothing to come to its end. */
async function settle(): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds += 1) await macrotask();
}

async function isActive(peer: TestPeer, threadId: string): Promise<boolean> {
  const { thread } = await peer.request<{ thread: { status: { type: string } } }>('thread/read', {
    threadId,
  });
  return thread.status.type === 'active';
}

describe('a slow consumer', () => {
  it('holds up the turn that it started for its grace, and not a millisecond longer (EV-4, EV-6)', async () => {
    const { peer, threadId, clock } = await stall();
    clock.advance(GRACE_MS - 1);
    await settle();
    expect(await isActive(peer, threadId)).toBe(true);
    clock.advance(1);
    await settle();
    expect(await isActive(peer, threadId)).toBe(false);
    const kinds = peer.drain().map(kindOf);
    expect(kinds.filter((kind) => kind === 'lagged')).toHaveLength(1);
    expect(kinds[kinds.indexOf('lagged') + 1]).toBe('resynced');
    expect(kinds.at(-1)).toBe('turn/completed');
  });

  it('that reads in time misses nothing (EV-4)', async () => {
    const { peer, threadId, clock } = await stall();
    clock.advance(GRACE_MS - 1);
    const entries = await peer.readTo('turn/completed');
    expect(entries.map(kindOf)).not.toContain('lagged');
    const read = await peer.request<{ thread: { turns: { items: { id: string }[] }[] } }>('thread/read', {
      threadId,
      includeTurns: true,
    });
    const completed = entries
      .filter((entry) => kindOf(entry) === 'item/completed')
      .map((entry) => (paramsOf(entry).item as { id: string }).id);
    expect(completed).toEqual(read.thread.turns[0]?.items.map(({ id }) => id));
  });

  it('is not waited for again in the same stall, and again once it has drained (EV-4)', async () => {
    const { peer, threadId, clock } = await stall();
    clock.advance(GRACE_MS);
    await settle();
    await peer.startTurn(threadId, 'think e\nsay f\nthink g');
    await settle();
    expect(await isActive(peer, threadId)).toBe(false);

    peer.drain();
    await peer.startTurn(threadId, 'think h\nsay i\nthink j');
    await settle();
    expect(await isActive(peer, threadId)).toBe(true);
    await peer.readTo('turn/completed');
    expect(await isActive(peer, threadId)).toBe(false);
  });

  it('holds up neither another thread of another connection nor its own requests (EV-6)', async () => {
    const { server, peer, threadId } = await stall();
    const other = await TestPeer.connect(server);
    const own = await other.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
    await other.startTurn(own, 'think a\nsay b');
    await other.readTo('turn/completed');
    expect(await isActive(peer, threadId)).toBe(true);
  });

  it('among many of one thread delays nobody: with time standing still, everyone who reads sees every turn whole (EV-4, EV-6)', async () => {
    const { server } = await startTestRuntime();
    const [starter, reader] = [await TestPeer.connect(server), await TestPeer.connect(server)];
    const threadId = await starter.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
    await reader.request('thread/resume', { threadId });
    const slow: (TestPeer | WirePeer)[] = [];
    for (let count = 0; count < 8; count += 1) {
      const peer = await TestPeer.connect(server, { channelCapacity: 1 });
      peer.view.open();
      await peer.request('thread/resume', { threadId });
      const pipe = new WirePeer(server, { isStalled: true, channelCapacity: 1 });
      pipe.say({ id: 0, method: 'initialize', params: { clientInfo: { name: 'slow', version: '1' } } });
      pipe.say({ id: 1, method: 'thread/resume', params: { threadId } });
      slow.push(peer, pipe);
    }
    await settle();
    for (let turn = 0; turn < 5; turn += 1) {
      const reading = [starter, reader].map((peer) => peer.readTo('turn/completed'));
      const turnId = await starter.startTurn(threadId, 'think a\nstream 200\nsay b');
      for (const entries of await Promise.all(reading)) {
        expect(paramsOf(entries.at(-1))).toMatchObject({ turn: { id: turnId, status: 'completed' } });
        expect(entries.map(kindOf)).not.toContain('lagged');
      }
    }
    expect(slow).toHaveLength(16);
    for (const peer of slow.filter((each) => each instanceof TestPeer)) {
      const kinds = peer.drain().map(kindOf);
      expect(kinds).toContain('lagged');
      expect(kinds.filter((kind) => kind === 'turn/completed')).toHaveLength(5);
    }
  });

  it('can interrupt the turn that waits for it, which then ends at once (EV-2)', async () => {
    const { peer, threadId } = await stall();
    await expect(peer.request('turn/interrupt', { threadId, turnId: '' })).resolves.toEqual({});
    const end = (await peer.readTo('turn/completed')).at(-1);
    expect(paramsOf(end)).toMatchObject({ turn: { status: 'interrupted' } });
  });
});
