import { LIMITS } from '@millrace/protocol';
import { TestTransport, VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { Client } from './client.js';
import type { ClientEvent } from './client-event.js';
import { ReconnectingLink } from './reconnecting-link.js';
import { WireLink } from './wire-link.js';
import { WireViews } from './wire-views.js';

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const completed = {
  method: 'turn/completed',
  params: { threadId: 't', turn: { id: 'u', items: [], status: 'completed' } },
};
const delta = {
  method: 'item/agentMessage/delta',
  params: { threadId: 't', turnId: 'u', itemId: 'i', delta: 'x' },
};
const threadWith = (...turns: readonly unknown[]) => ({ thread: { id: 't', turns } });

/** A server that can be lost and found again. */
class Stage {
  readonly clock = new VirtualClock();
  readonly peers: TestTransport[] = [];
  readonly seen: ClientEvent[] = [];
  isDown = false;
  dials = 0;
  client!: Client;
  reading: Promise<void> = Promise.resolve();

  async start(options: { readonly channelCapacity?: number; readonly isRead?: boolean } = {}): Promise<this> {
    const { channelCapacity = 128, isRead = true } = options;
    const views = new WireViews(channelCapacity);
    const link = await ReconnectingLink.start({
      clock: this.clock,
      random: () => 0.5,
      reconnectMs: 10_000,
      views,
      dial: async (onEnd) => {
        this.dials += 1;
        if (this.isDown) throw new Error('connection refused');
        const peer = new TestTransport();
        this.peers.push(peer);
        return new WireLink({
          clock: this.clock,
          transport: peer,
          channelCapacity,
          views,
          onEnd,
          connect: () => Promise.reject(new Error('one connection')),
          explain: () => 'the peer hung up',
          endInput: () => peer.hangUp(),
          finish: () => Promise.resolve(),
        });
      },
      connect: () => Promise.reject(new Error('one client')),
    });
    this.client = new Client(link);
    if (isRead) this.reading = this.#read();
    return this;
  }

  get peer(): TestTransport {
    return this.peers.at(-1) as TestTransport;
  }

  /** The newest request of that method that the newest peer was sent. */
  asked(method: string): Record<string, unknown> | undefined {
    return this.peer.said.findLast((message) => message.method === method);
  }

  answer(method: string, result: unknown): void {
    this.peer.say({ id: this.asked(method)?.id, result });
  }

  async startThread(): Promise<void> {
    const starting = this.client.request('thread/start', {});
    await macrotask();
    this.answer('thread/start', threadWith());
    await starting;
  }

  /** Loses the connection and lets time pass until the next one is there. */
  async reconnect(): Promise<void> {
    const before = this.peers.length;
    this.peer.hangUp();
    while (this.peers.length === before) await this.pass(100);
    await this.pass(0);
  }

  async pass(ms: number): Promise<void> {
    await macrotask();
    this.clock.advance(ms);
    await macrotask();
    await macrotask();
  }

  types(): readonly string[] {
    return this.seen.map((event) => ('method' in event ? event.method : event.type));
  }

  async #read(): Promise<void> {
    for await (const event of this.client.events()) this.seen.push(event);
  }
}

describe('a connection that is made again', () => {
  it('fails what waited, sends none of it again, resumes the threads and shows their state', async () => {
    const stage = await new Stage().start();
    await stage.startThread();
    const waiting = stage.client.request('thread/name/set', { threadId: 't', name: 'n' });
    const failed = expect(waiting).rejects.toMatchObject({ kind: 'ConnectionAborted' });
    await stage.reconnect();
    await failed;
    expect(stage.peer.said.map(({ method }) => method)).toEqual(['thread/resume']);
    stage.answer('thread/resume', threadWith({ id: 'u', status: 'inProgress', items: [{ id: 'i' }] }));
    stage.peer.say(delta);
    await stage.pass(0);
    expect(stage.types()).toEqual(['reconnecting', 'resynced', 'reconnected', 'item/agentMessage/delta']);
    expect(stage.seen[0]).toMatchObject({ message: 'receive transport error: the peer hung up' });
    expect(stage.seen[1]).toMatchObject({ threadId: 't', activeTurn: { id: 'u', items: [{ id: 'i' }] } });
    expect(stage.seen[2]).toMatchObject({ lost: [] });
    await stage.client.shutdown();
    await stage.reading;
    expect(stage.clock.pending).toBe(0);
  });

  it('refuses calls in between: nothing was done', async () => {
    const stage = await new Stage().start();
    stage.isDown = true;
    stage.peer.hangUp();
    await macrotask();
    await expect(stage.client.request('model/list')).rejects.toMatchObject({
      kind: 'WouldBlock',
      retryable: true,
    });
    expect(() => stage.client.notify('initialized')).toThrow('being made again');
    await stage.client.shutdown();
    await expect(stage.client.request('model/list')).rejects.toMatchObject({ kind: 'BrokenPipe' });
    expect(stage.clock.pending).toBe(0);
  });

  it.each([
    ['goes on where its turn does', 'inProgress'],
    ['ends where its turn has ended meanwhile', 'completed'],
  ])('has a run that %s (EV-2)', async (_name, status) => {
    const stage = await new Stage().start();
    await stage.startThread();
    const run = stage.client.runTurn({ threadId: 't', input: [] });
    await macrotask();
    stage.answer('turn/start', { turn: { id: 'u', items: [], status: 'inProgress' } });
    await run.started;
    await stage.reconnect();
    stage.answer('thread/resume', threadWith({ id: 'u', items: [], status }));
    await stage.pass(0);
    if (status === 'inProgress') stage.peer.say(delta, completed);
    await expect(run.completed).resolves.toMatchObject({ id: 'u', status: 'completed' });
    const types: string[] = [];
    for await (const event of run) types.push('method' in event ? event.method : event.type);
    expect(types).toEqual(
      status === 'inProgress' ? ['resynced', 'item/agentMessage/delta', 'turn/completed'] : ['resynced'],
    );
    await stage.client.shutdown();
  });

  it('rejects a run that was not begun, or that the server does not know any more', async () => {
    const stage = await new Stage().start();
    await stage.startThread();
    const begun = stage.client.runTurn({ threadId: 't', input: [] });
    await macrotask();
    stage.answer('turn/start', { turn: { id: 'u', items: [], status: 'inProgress' } });
    await begun.started;
    const asked = stage.client.runTurn({ threadId: 'another', input: [] });
    await stage.reconnect();
    await expect(asked.completed).rejects.toMatchObject({ kind: 'ConnectionAborted' });
    stage.answer('thread/resume', threadWith());
    await expect(begun.completed).rejects.toThrow('does not know the turn any more');
    expect(stage.asked('turn/start')).toBeUndefined();
    await stage.client.shutdown();
  });

  it('tells which threads were lost, and follows them no more', async () => {
    const stage = await new Stage().start();
    await stage.startThread();
    await stage.reconnect();
    stage.peer.say({
      id: stage.asked('thread/resume')?.id,
      error: { code: -32_600, message: 'no such thread' },
    });
    await stage.pass(0);
    expect(stage.seen.at(-1)).toMatchObject({
      type: 'reconnected',
      lost: [{ threadId: 't', message: expect.stringContaining('no such thread') }],
    });
    await stage.reconnect();
    expect(stage.asked('thread/resume')).toBeUndefined();
    await stage.client.shutdown();
  });

  it('is given up after its time: every run and the stream are told why, once', async () => {
    const stage = await new Stage().start();
    await stage.startThread();
    const run = stage.client.runTurn({ threadId: 't', input: [] });
    await macrotask();
    stage.answer('turn/start', { turn: { id: 'u', items: [], status: 'inProgress' } });
    await run.started;
    stage.isDown = true;
    stage.peer.hangUp();
    for (let step = 0; step < 100; step += 1) await stage.pass(200);
    await expect(run.completed).rejects.toMatchObject({
      kind: 'ConnectionAborted',
      message: expect.stringMatching(/hung up; not reached again within 10000 ms: connection refused/),
    });
    await stage.reading;
    expect(stage.types()).toEqual(['reconnecting', 'disconnected']);
    expect(stage.dials).toBeGreaterThan(4);
    await expect(stage.client.request('model/list')).rejects.toMatchObject({ kind: 'BrokenPipe' });
    await stage.client.shutdown();
    expect(stage.clock.pending).toBe(0);
  });

  it('lost again and again keeps a bounded number of states for a reader who is away, and the last one (EV-7)', async () => {
    const stage = await new Stage().start({ isRead: false, channelCapacity: 1 });
    await stage.startThread();
    for (let round = 0; round < 600; round += 1) {
      await stage.reconnect();
      stage.answer('thread/resume', threadWith({ id: `u${round}`, items: [], status: 'completed' }));
      await stage.pass(0);
    }
    await stage.client.shutdown();
    for await (const event of stage.client.events()) stage.seen.push(event);
    expect(stage.seen.length).toBeLessThanOrEqual(LIMITS.latestKeys);
    expect(stage.types().slice(-2)).toEqual(['resynced', 'reconnected']);
    expect(stage.seen.at(-2)).toMatchObject({ activeTurn: { id: 'u599' } });
  });
});
