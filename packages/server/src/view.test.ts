import { Lagged, Resynced } from '@millrace/channel';
import { newThread } from '@millrace/protocol';
import { VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import type { NotificationEvent } from './server-event.js';
import type { ThreadResync } from './thread-resync.js';
import { View } from './view.js';

const GRACE_MS = 2_000;
const forever = new AbortController().signal;

function delta(itemId: string, text: string, sequence = 1): NotificationEvent<'item/agentMessage/delta'> {
  const params = { threadId: 't', turnId: 'u', itemId, delta: text };
  return {
    type: 'notification',
    method: 'item/agentMessage/delta',
    params,
    emittedAtMs: 0,
    threadId: 't',
    sequence,
  };
}

function snapshot(threadId: string, firstSkipped: ThreadResync['firstSkipped']): ThreadResync {
  const thread = newThread({
    id: threadId,
    modelProvider: 'scripted',
    model: null,
    createdAt: 0,
    cwd: '/',
    cliVersion: '0',
    originator: null,
    status: { type: 'idle' },
  });
  return { marker: { threadId, thread, turns: [], activeTurn: null }, missed: [], firstSkipped };
}

function newView(capacity: number): {
  readonly view: View;
  readonly clock: VirtualClock;
  readonly lagged: string[];
} {
  const clock = new VirtualClock();
  const lagged: string[] = [];
  const view = new View({
    clock,
    capacity,
    slowConsumerGraceMs: GRACE_MS,
    snapshot,
    onLag: (event) => lagged.push(event.threadId ?? ''),
    onMerge: () => {},
  });
  return { view, clock, lagged };
}

/** Fills a view with events that do not merge. */
function fill(view: View, count: number): void {
  for (let index = 0; index < count; index += 1)
    expect(view.offer(delta(`filler ${index}`, 'x'), 'lossless')).toBe('taken');
}

describe('View', () => {
  it('makes nobody wait before it was opened, after a pause, or once its grace is spent', async () => {
    const { view, clock } = newView(1);
    expect(view.mayHoldUp).toBe(false);
    view.open();
    expect(view.mayHoldUp).toBe(true);
    view.pause();
    expect(view.mayHoldUp).toBe(false);
    view.open();
    fill(view, 1);
    expect(view.offer(delta('b', 'y'), 'lossless')).toBe('full');
    const waiting = view.wait(forever);
    clock.advance(GRACE_MS);
    await expect(waiting).resolves.toBe('behind');
    expect(view.mayHoldUp).toBe(false);
  });

  it('waits for the grace once per stall, however many wait', async () => {
    const { view, clock } = newView(1);
    view.open();
    fill(view, 1);
    view.offer(delta('b', 'y'), 'lossless');
    const first = view.wait(forever);
    clock.advance(GRACE_MS - 1);
    const second = view.wait(forever);
    clock.advance(1);
    await expect(Promise.all([first, second])).resolves.toEqual(['behind', 'behind']);
    expect(clock.pending).toBe(0);
  });

  it('gives the grace back when the consumer drains below half, and not before', async () => {
    const { view, clock } = newView(4);
    view.open();
    fill(view, 4);
    view.offer(delta('b', 'y'), 'lossless');
    const waiting = view.wait(forever);
    clock.advance(GRACE_MS);
    await waiting;
    view.tryReceive();
    view.tryReceive();
    expect(view.mayHoldUp).toBe(false);
    view.tryReceive();
    expect(view.mayHoldUp).toBe(true);
  });

  it('tells whoever waits to look again when the consumer pauses, so that no turn is left waiting', async () => {
    const { view, clock } = newView(1);
    view.open();
    fill(view, 1);
    view.offer(delta('b', 'y'), 'lossless');
    const waiting = view.wait(forever);
    view.pause();
    await expect(waiting).resolves.toBe('room');
    expect(view.mayHoldUp).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('leaves nobody waiting on a stall that is over while another one took the room', async () => {
    const { view, clock } = newView(1);
    view.open();
    fill(view, 1);
    const [b, c] = [delta('b', 'y'), delta('c', 'z')];
    expect([view.offer(b, 'lossless'), view.offer(c, 'lossless')]).toEqual(['full', 'full']);
    const ends: string[] = [];
    const retry = async (event: NotificationEvent): Promise<void> => {
      for (;;) {
        const outcome = await view.wait(forever);
        if (outcome === 'behind') view.skip(event);
        if (outcome === 'behind' || view.offer(event, 'lossless') === 'taken') {
          ends.push(outcome);
          return;
        }
      }
    };
    const both = [retry(b), retry(c)];
    view.tryReceive();
    await both[0];
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(GRACE_MS);
    await Promise.all(both);
    expect(ends).toEqual(['room', 'behind']);
  });

  it('marks what a consumer missed exactly where it is missing, then gives the state (EV-5)', () => {
    const { view, lagged } = newView(1);
    fill(view, 1);
    view.deliver(delta('b', 'y'), 'lossless');
    view.deliver(delta('b', 'z'), 'lossless');
    const entries = [view.tryReceive(), view.tryReceive(), view.tryReceive(), view.tryReceive()];
    expect(entries[0]).toMatchObject({ params: { itemId: 'filler 0' } });
    expect(entries[1]).toBeInstanceOf(Lagged);
    expect(entries[1]).toMatchObject({
      skipped: 2,
      groups: ['t'],
      byKind: new Map([['item/agentMessage/delta', 2]]),
    });
    expect(entries[2]).toBeInstanceOf(Resynced);
    expect(entries[3]).toBeUndefined();
    expect(lagged).toEqual(['t']);
  });

  it('merges deltas of one item before it makes anybody wait (EV-4)', () => {
    const { view } = newView(1);
    view.offer(delta('a', 'one '), 'lossless');
    expect(view.offer(delta('a', 'two '), 'lossless')).toBe('taken');
    expect(view.offer(delta('a', 'three', 3), 'lossless')).toBe('taken');
    expect(view.tryReceive()).toMatchObject({ params: { delta: 'one two three' }, sequence: 3 });
    expect(view.stats).toMatchObject({ emitted: 3, delivered: 1, merged: 2 });
  });
});
