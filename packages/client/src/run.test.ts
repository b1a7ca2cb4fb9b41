import { createDeferred } from '@millrace/channel';
import type { RequestResult, Turn } from '@millrace/protocol';
import { VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { TransportError } from './errors.js';
import type { EventSource, RunLink } from './link.js';
import { Run, type RunOptions } from './run.js';

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const turnWith = (status: string, items: readonly unknown[] = []): Turn =>
  ({ id: 'u', status, items }) as unknown as Turn;

/** A server that the test speaks for, and a run of it. */
class Stage {
  readonly clock = new VirtualClock();
  readonly events = { arrived: 0, isHeld: false };
  readonly asked: string[] = [];
  readonly #ended = createDeferred<Turn>();
  /** What `thread/read` answers; it is never answered while there is none. */
  state: unknown;
  readonly run: Run;
  readonly life: Promise<void>;

  constructor(options: RunOptions, start = Promise.resolve({ turn: turnWith('inProgress') })) {
    const link: RunLink = {
      events: this.events as unknown as EventSource,
      ended: this.#ended.promise,
      complete: (turn) => this.#ended.resolve(turn),
      cancel: (error) => this.#ended.reject(error),
    };
    const request = async (method: string): Promise<never> => {
      this.asked.push(method);
      if (method === 'turn/interrupt') return {} as never;
      if (this.state instanceof Error) throw this.state;
      return this.state === undefined ? new Promise<never>(() => {}) : (this.state as never);
    };
    const ports = {
      clock: this.clock,
      link,
      start: () => start as Promise<RequestResult<'turn/start'>>,
      request,
    };
    this.run = new Run('t', ports, options);
    this.life = this.run.live(undefined);
  }

  end(): void {
    this.#ended.resolve(turnWith('completed'));
  }

  answer(turn: Turn, activeFlags: readonly string[] = []): void {
    this.state = { thread: { id: 't', status: { type: 'active', activeFlags }, turns: [turn] } };
  }

  /** Lets time pass in steps, so that what it wakes can run. */
  async pass(ms: number): Promise<void> {
    for (let step = 0; step < 20; step += 1) {
      this.clock.advance(ms / 20);
      await macrotask();
    }
  }
}

describe('a run', () => {
  it('of which nothing is heard is interrupted and rejected, and the next run may begin', async () => {
    const stage = new Stage({});
    stage.answer(turnWith('inProgress'));
    await stage.pass(89_000);
    expect(stage.asked).toEqual([]);
    await stage.pass(15_000);
    await expect(stage.run.completed).rejects.toMatchObject({
      kind: 'TimedOut',
      message: expect.stringContaining('nothing was heard of the turn for 90000 ms'),
    });
    expect(stage.asked).toEqual(['thread/read', 'turn/interrupt']);
    await stage.run.over;
    await stage.life;
    expect(stage.clock.pending).toBe(0);
  });

  it('goes on while something arrives, or while its reader is slow', async () => {
    const stage = new Stage({ inactivityMs: 1_000 });
    for (let round = 0; round < 5; round += 1) {
      stage.events.arrived += 1;
      await stage.pass(800);
    }
    stage.events.isHeld = true;
    await stage.pass(10_000);
    expect(stage.asked).toEqual([]);
    stage.end();
    await expect(stage.run.completed).resolves.toMatchObject({ status: 'completed' });
    await stage.life;
    expect(stage.clock.pending).toBe(0);
  });

  it.each([
    ['a person', turnWith('inProgress'), ['waitingOnApproval']],
    ['a command', turnWith('inProgress', [{ type: 'commandExecution', status: 'inProgress' }]), []],
  ])('that waits for %s is not ended by its silence', async (_name, turn, flags) => {
    const stage = new Stage({ inactivityMs: 1_000 });
    stage.answer(turn, flags);
    await stage.pass(10_000);
    expect(new Set(stage.asked)).toEqual(new Set(['thread/read']));
    stage.end();
    await stage.life;
  });

  it('whose end was lost ends as the server says (EV-2)', async () => {
    const stage = new Stage({ inactivityMs: 1_000 });
    stage.answer(turnWith('failed'));
    await stage.pass(2_000);
    await expect(stage.run.completed).resolves.toMatchObject({ status: 'failed' });
    await stage.life;
    expect(stage.asked).toEqual(['thread/read']);
  });

  it('is not ended while the connection is being made again, but by a server that does not answer', async () => {
    const stage = new Stage({ inactivityMs: 1_000 });
    stage.state = new TransportError('WouldBlock', 'thread/read');
    await stage.pass(10_000);
    stage.state = undefined;
    await stage.pass(30_000);
    await expect(stage.run.completed).rejects.toMatchObject({ kind: 'TimedOut' });
    await stage.life;
    expect(stage.clock.pending).toBe(0);
  });

  it('has a time for the whole turn where one is set', async () => {
    const stage = new Stage({ timeoutMs: 5_000 });
    for (let round = 0; round < 10; round += 1) {
      stage.events.arrived += 1;
      await stage.pass(600);
    }
    await expect(stage.run.completed).rejects.toThrow('not over after 5000 ms; it was interrupted');
    expect(stage.asked).toEqual(['turn/interrupt']);
    await stage.life;
  });

  it('whose start is answered when nobody waits any more is interrupted then', async () => {
    const start = createDeferred<{ turn: Turn }>();
    const stage = new Stage({ inactivityMs: 1_000 }, start.promise);
    await stage.pass(2_000);
    await expect(stage.run.started).rejects.toMatchObject({ kind: 'TimedOut' });
    await stage.run.over;
    expect(stage.asked).toEqual([]);
    start.resolve({ turn: turnWith('inProgress') });
    await stage.life;
    expect(stage.asked).toEqual(['turn/interrupt']);
  });
});
