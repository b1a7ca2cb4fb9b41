import { describe, expect, it } from 'vitest';
import { GatedStore } from './gated-store.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime } from './test-runtime.js';

async function startThread(
  store: GatedStore,
): Promise<{ readonly peer: TestPeer; readonly threadId: string }> {
  const { server } = await startTestRuntime({ store });
  const peer = await TestPeer.connect(server);
  const threadId = await peer.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
  return { peer, threadId };
}

async function untilSync(store: GatedStore): Promise<void> {
  const { syncs } = store;
  while (store.syncs === syncs) await macrotask();
  for (let rounds = 0; rounds < 5; rounds += 1) await macrotask();
}

describe('the end of a turn', () => {
  it('is told to nobody before everything of the turn is on disk (TS-1, EV-2)', async () => {
    const store = new GatedStore();
    const { peer, threadId } = await startThread(store);
    store.closeGate();
    await peer.startTurn(threadId, 'say hello\nrun ls');
    await untilSync(store);
    const before = peer.drain().map(kindOf);
    expect(before).not.toContain('turn/completed');
    const { thread } = await peer.request<{ thread: { status: { type: string } } }>('thread/read', {
      threadId,
    });
    expect(thread.status.type).toBe('active');
    const records = await store.read(threadId);
    expect(records?.at(-1)?.type).toBe('turnEnded');

    store.openGate();
    const after = (await peer.readTo('turn/completed')).map(kindOf);
    expect(after.slice(-2)).toEqual(['thread/status/changed', 'turn/completed']);
  });

  it('of an interrupted turn waits for the disk too, and so does the answer to the interrupt (TS-1, SD-6)', async () => {
    const store = new GatedStore();
    const { peer, threadId } = await startThread(store);
    await peer.startTurn(threadId, 'sleep 600000');
    await peer.readTo('item/completed');
    store.closeGate();
    let isAnswered = false;
    const interrupted = peer.request('turn/interrupt', { threadId, turnId: '' }).then(() => {
      isAnswered = true;
    });
    await untilSync(store);
    expect(isAnswered).toBe(false);
    store.openGate();
    await interrupted;
    await peer.readTo('turn/completed');
  });

  it('makes input that arrives meanwhile start the next turn: it does not join one that is ending (EV-3)', async () => {
    const store = new GatedStore();
    const { peer, threadId } = await startThread(store);
    store.closeGate();
    const first = await peer.startTurn(threadId, 'say one');
    await untilSync(store);
    const second = peer.startTurn(threadId, 'say two');
    await macrotask();
    store.openGate();
    expect(await second).not.toBe(first);
    const ends = [...(await peer.readTo('turn/completed')), ...(await peer.readTo('turn/completed'))]
      .filter((entry) => kindOf(entry) === 'turn/completed')
      .map((entry) => (paramsOf(entry).turn as { id: string }).id);
    expect(ends).toEqual([first, await second]);
  });
});

describe('a name', () => {
  it('is answered when it is on disk, and refused where nothing can be kept any more (TS-1, TS-6)', async () => {
    const store = new GatedStore();
    const { peer, threadId } = await startThread(store);
    await peer.startTurn(threadId, 'say hello');
    await peer.readTo('turn/completed');
    store.closeGate();
    let isAnswered = false;
    const named = peer.request('thread/name/set', { threadId, name: 'Mill' }).then(() => {
      isAnswered = true;
    });
    await untilSync(store);
    expect(isAnswered).toBe(false);
    store.openGate();
    await named;
    store.break();
    const lost = await peer.ask('thread/name/set', { threadId, name: 'Wheel' });
    expect(lost).toMatchObject({ error: { code: -32_603, message: 'no space left' } });
    for (const [method, params] of [
      ['thread/name/set', { name: 'Race' }],
      ['thread/metadata/update', { gitInfo: { sha: 'abc' } }],
    ] as const) {
      const refused = await peer.ask(method, { threadId, ...params });
      expect(refused).toMatchObject({
        error: { code: -32_600, message: expect.stringContaining('read-only') },
      });
    }
  });
});

describe('a sync that fails', () => {
  it('fails the turn, says why, and lets no further turn begin (TS-6)', async () => {
    const store = new GatedStore();
    const { peer, threadId } = await startThread(store);
    store.break();
    await peer.startTurn(threadId, 'say hello');
    const said = await peer.readTo('turn/completed');
    expect(
      said
        .slice(-3)
        .map(kindOf)
        .filter((kind) => kind !== 'thread/readState/changed'),
    ).toContain('error');
    const error = { message: 'the thread could not be saved: no space left' };
    expect(paramsOf(said.find((entry) => kindOf(entry) === 'error'))).toMatchObject({
      error,
      willRetry: false,
    });
    expect(paramsOf(said.at(-1))).toMatchObject({ turn: { status: 'failed', error } });

    const refused = await peer.ask('turn/start', { threadId, input: [{ type: 'text', text: 'say more' }] });
    expect(refused).toMatchObject({
      error: { code: -32_600, message: expect.stringContaining('read-only') },
    });
    expect(peer.view.stats.slotsTaken).toBe(0);
    await macrotask();
    expect(peer.drain().map(kindOf)).not.toContain('turn/started');
    const read = await peer.request<{ thread: { turns: { status: string }[] } }>('thread/read', {
      threadId,
      includeTurns: true,
    });
    expect(read.thread.turns).toMatchObject([{ status: 'failed' }]);
  });
});
