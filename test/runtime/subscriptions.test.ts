import { describe, expect, it } from 'vitest';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime, whileTimePasses } from './test-runtime.js';

const FREE = { sandbox: 'danger-full-access', approvalPolicy: 'never' } as const;
const methodsOf = (peer: TestPeer): string[] => peer.drain().map(kindOf);

describe('a second connection', () => {
  it('hears of threads and their state only, until it resumes one', async () => {
    const { server } = await startTestRuntime();
    const first = await TestPeer.connect(server);
    const second = await TestPeer.connect(server);
    const threadId = await first.startThread(FREE);
    await first.startTurn(threadId, 'say hello');
    await first.readTo('turn/completed');
    expect(new Set(methodsOf(second))).toEqual(new Set(['thread/started', 'thread/status/changed']));

    const resumed = await second.request<{ thread: { turns: { status: string }[] } }>('thread/resume', {
      threadId,
    });
    expect(resumed.thread.turns).toMatchObject([{ status: 'completed' }]);
    await first.startTurn(threadId, 'say more');
    const heard = (await second.readTo('turn/completed')).map(kindOf);
    expect(heard).toContain('item/agentMessage/delta');
  });

  it('that resumes in the middle of a turn gets a snapshot and what comes after it, nothing twice (EV-9)', async () => {
    const { server, clock } = await startTestRuntime();
    const first = await TestPeer.connect(server);
    const threadId = await first.startThread(FREE);
    await first.startTurn(threadId, 'say one two\nsleep 1000\nsay three');
    await first.readTo('item/completed');
    await first.readTo('item/completed');
    const second = await TestPeer.connect(server);
    const { thread } = await second.request<{ thread: { turns: { items: { id: string }[] }[] } }>(
      'thread/resume',
      { threadId },
    );
    const inSnapshot = thread.turns[0]?.items.map(({ id }) => id) ?? [];
    expect(inSnapshot).toHaveLength(2);
    const after = await whileTimePasses(clock, second.readTo('turn/completed'));
    const startedAfter = after
      .filter((entry) => kindOf(entry) === 'item/started')
      .map((entry) => (paramsOf(entry).item as { id: string }).id);
    const read = await first.request<{ thread: { turns: { items: { id: string }[] }[] } }>('thread/read', {
      threadId,
      includeTurns: true,
    });
    expect([...inSnapshot, ...startedAfter]).toEqual(read.thread.turns[0]?.items.map(({ id }) => id));
  });

  it('that falls behind holds up nobody, and is healed where it missed something (EV-4, EV-5)', async () => {
    const { server } = await startTestRuntime();
    const first = await TestPeer.connect(server);
    const slow = await TestPeer.connect(server, { channelCapacity: 1 });
    slow.view.open();
    const threadId = await first.startThread(FREE);
    await slow.request('thread/resume', { threadId });
    await first.startTurn(threadId, 'think a\nsay b\nthink c');
    await first.readTo('turn/completed');
    const kinds = methodsOf(slow);
    expect(kinds.filter((kind) => kind === 'lagged')).toHaveLength(1);
    expect(kinds[kinds.indexOf('lagged') + 1]).toBe('resynced');
    expect(kinds).toContain('turn/completed');
  });

  it('that unsubscribes hears no more of the thread, while the turn goes on', async () => {
    const { server, clock } = await startTestRuntime();
    const first = await TestPeer.connect(server);
    const second = await TestPeer.connect(server);
    const threadId = await first.startThread(FREE);
    await second.request('thread/resume', { threadId });
    await first.startTurn(threadId, 'say one\nsleep 1000\nsay two');
    await second.readTo('item/agentMessage/delta');
    await expect(second.request('thread/unsubscribe', { threadId })).resolves.toEqual({
      status: 'unsubscribed',
    });
    await expect(second.request('thread/unsubscribe', { threadId })).resolves.toEqual({
      status: 'notSubscribed',
    });
    second.drain();
    await whileTimePasses(clock, first.readTo('turn/completed'));
    expect(methodsOf(second)).toEqual(['thread/status/changed']);
  });

  it('may interrupt a turn that another one started', async () => {
    const { server } = await startTestRuntime();
    const first = await TestPeer.connect(server);
    const second = await TestPeer.connect(server);
    const threadId = await first.startThread(FREE);
    const turnId = await first.startTurn(threadId, 'sleep 600000');
    await expect(second.request('turn/interrupt', { threadId, turnId })).resolves.toEqual({});
    const end = (await first.readTo('turn/completed')).at(-1);
    expect(paramsOf(end)).toMatchObject({ turn: { id: turnId, status: 'interrupted' } });
  });

  it('that started a turn and left does not keep it from its end (EV-2)', async () => {
    const { server, clock } = await startTestRuntime();
    const first = await TestPeer.connect(server);
    const second = await TestPeer.connect(server);
    const threadId = await first.startThread(FREE);
    await second.request('thread/resume', { threadId });
    await first.startTurn(threadId, 'say one\nsleep 1000\nsay two');
    await second.readTo('item/agentMessage/delta');
    first.leave();
    const end = (await whileTimePasses(clock, second.readTo('turn/completed'))).at(-1);
    expect(paramsOf(end)).toMatchObject({ turn: { status: 'completed' } });
  });
});

it('a thread and its forks bear the surface that the runtime was started for', async () => {
  const { server } = await startTestRuntime({ sessionSource: 'exec' });
  const peer = await TestPeer.connect(server);
  const threadId = await peer.startThread(FREE);
  await peer.startTurn(threadId, 'say hello');
  await peer.readTo('turn/completed');
  for (const method of ['thread/read', 'thread/fork']) {
    const { thread } = await peer.request<{ thread: { source: unknown } }>(method, { threadId });
    expect(thread.source).toBe('exec');
  }
});

describe('an opt-out', () => {
  it('counts before anything can be sent, and for exactly the methods that it names', async () => {
    const { server } = await startTestRuntime({ config: { no_such_key: true } });
    const optOutNotificationMethods = [
      'configWarning',
      'thread/started',
      'item/agentMessage/delta',
      'turn/started',
      'no/such',
    ];
    const peer = await TestPeer.connect(server, { capabilities: { optOutNotificationMethods } });
    const other = await TestPeer.connect(server);
    expect(methodsOf(peer)).toEqual([]);
    expect(methodsOf(other)).toContain('configWarning');
    const threadId = await peer.startThread(FREE);
    await peer.startTurn(threadId, 'say hello world');
    const heard = new Set((await peer.readTo('turn/completed')).map(kindOf));
    for (const method of optOutNotificationMethods) expect(heard).not.toContain(method);
    expect(heard).toContain('item/completed');
    expect(methodsOf(other)).toContain('thread/started');
  });

  it('of the end gives its slot back, and the thread goes on (EV-8)', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server, {
      capabilities: { optOutNotificationMethods: ['turn/completed'] },
    });
    const threadId = await peer.startThread(FREE);
    for (let turn = 0; turn < 3; turn += 1) {
      await peer.startTurn(threadId, 'say hello');
      await peer.readTo('thread/tokenUsage/updated');
      for (let isActive = true; isActive; ) {
        const read = await peer.request<{ thread: { status: { type: string } } }>('thread/read', {
          threadId,
        });
        isActive = read.thread.status.type === 'active';
      }
    }
    peer.drain();
    expect(peer.view.stats.slotsTaken).toBe(0);
  });
});
