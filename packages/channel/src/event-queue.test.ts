import { describe, expect, it } from 'vitest';
import type { EventProfile } from './event-profile.js';
import { EventQueue } from './event-queue.js';
import type { EventQueueOptions } from './event-queue-options.js';
import type { Permit } from './permit.js';
import { Lagged, Resynced } from './received.js';

/** An event written as `group/kind/text`; its size is that of the text. `item` names the stream. */
type Text = string;
const [group, kind, text] = [0, 1, 2].map((part) => (event: Text) => event.split('/')[part] ?? '') as [
  (event: Text) => string,
  (event: Text) => string,
  (event: Text) => string,
];

const profile: EventProfile<Text> = {
  sizeOf: (event) => text(event).length,
  groupOf: (event) => group(event) || undefined,
  kindOf: kind,
  latestKeyOf: (event) => `${group(event)}/${kind(event)}`,
  mergeKeyOf: (event) => (kind(event) === 'state' ? undefined : group(event)),
  merge: (queued, next, maxBytes, keep) => {
    const merged = text(queued) + text(next);
    if (kind(queued) !== 'delta' || kind(next) !== 'delta') return undefined;
    if (merged.length > maxBytes && keep === 'all') return undefined;
    return `${group(next)}/delta/${merged.slice(-maxBytes)}`;
  },
};

const create = (options: Partial<EventQueueOptions<Text, string>> = {}): EventQueue<Text, string> =>
  new EventQueue<Text, string>({
    profile,
    capacity: 2,
    maxBytes: 100,
    reservedCapacity: 2,
    latestCapacity: 2,
    mergeBytes: 6,
    bestEffortBytes: 4,
    snapshot: (name, first) => `${name} since ${first}`,
    ...options,
  });

function reserve(queue: EventQueue<Text, string>): Permit<Text> {
  const permit = queue.tryReserve();
  if (typeof permit === 'string') throw new Error(permit);
  return permit;
}

const lagged = (groups: readonly string[], byKind: Record<string, number>): Lagged => {
  const counts = new Map(Object.entries(byKind));
  const skipped = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Lagged(skipped, counts, groups, true);
};

describe('EventQueue', () => {
  it('tells what is missing exactly where it would have stood, then the state of who fell behind (EV-4, EV-5)', () => {
    const queue = create();
    const end = reserve(queue);
    queue.offer('a/start/1', 'lossless');
    queue.offer('b/start/2', 'lossless');
    expect(queue.offer('a/item/3', 'lossless')).toBe('full');
    expect([queue.skip('a/item/3'), queue.offer('a/state/4', 'latest')]).toEqual(['skipped', 'skipped']);
    expect([queue.isBehind('a'), queue.isBehind('b')]).toEqual([true, false]);
    expect(end.send('a/end/5')).toBe('sent');
    expect(queue.tryReceiveBatch(10)).toEqual([
      'a/start/1',
      'b/start/2',
      lagged(['a'], { item: 1, state: 1 }),
      new Resynced('a', 'a since a/item/3'),
      'a/end/5',
    ]);
    expect([queue.isBehind('a'), queue.slotsTaken]).toEqual([false, 0]);
  });

  it('makes the snapshots in the call that hands out the marker, and lets live events follow', () => {
    const queue = create({ capacity: 1 });
    queue.offer('a/x/1', 'lossless');
    queue.skip('b/x/2');
    queue.skip('c/x/3');
    queue.tryReceive();
    expect(queue.tryReceive()).toEqual(lagged(['b', 'c'], { x: 2 }));
    expect(queue.offer('b/x/4', 'lossless')).toBe('sent');
    expect(queue.tryReceiveBatch(9)).toEqual([
      new Resynced('b', 'b since b/x/2'),
      new Resynced('c', 'c since c/x/3'),
      'b/x/4',
    ]);
  });

  it('keeps the gap when a snapshot throws, and refuses one that reads from its queue', () => {
    const snapshot = { run: (): string => 'state' };
    const queue = create({ snapshot: () => snapshot.run() });
    queue.skip('a/x/1');
    snapshot.run = () => {
      throw new Error('not now');
    };
    expect(() => queue.tryReceive()).toThrow('not now');
    snapshot.run = () => `${queue.tryReceive()}`;
    expect(() => queue.tryReceive()).toThrow(expect.objectContaining({ code: 'CONCURRENT_RECEIVE' }));
    snapshot.run = () => 'state';
    expect(queue.tryReceiveBatch(9)).toEqual([lagged(['a'], { x: 1 }), new Resynced('a', 'state')]);
  });

  it('gives only the marker where nobody can make a snapshot', () => {
    const queue = new EventQueue<Text>({
      profile,
      capacity: 1,
      maxBytes: 9,
      reservedCapacity: 1,
      latestCapacity: 1,
      mergeBytes: 9,
      bestEffortBytes: 9,
    });
    queue.skip('a/x/1');
    expect(queue.tryReceiveBatch(9)).toEqual([lagged(['a'], { x: 1 })]);
  });

  it('merges a lossless delta into the last of its stream, within its bound, and is full beyond it', () => {
    const queue = create();
    queue.offer('a/delta/ab', 'lossless');
    queue.offer('b/x/1', 'lossless');
    expect(queue.offer('a/delta/cdef', 'lossless')).toBe('merged');
    expect(queue.offer('a/delta/g', 'lossless')).toBe('full');
    expect([queue.size, queue.bytes]).toEqual([2, 7]);
    expect(queue.tryReceive()).toBe('a/delta/abcdef');
  });

  it('never merges past the end of an item, past a gap, or into another class', () => {
    const queue = create();
    queue.offer('a/delta/1', 'lossless');
    queue.offer('a/end/2', 'lossless');
    expect(queue.offer('a/delta/3', 'lossless')).toBe('full');
    const other = create();
    other.offer('a/delta/1', 'bestEffort');
    other.offer('b/x/2', 'lossless');
    expect(other.offer('a/delta/3', 'lossless')).toBe('full');
    expect(other.offer('a/x/4', 'bestEffort')).toBe('skipped');
    expect(other.offer('a/delta/5', 'bestEffort')).toBe('skipped');
    expect(other.tryReceiveBatch(9)).toEqual(['a/delta/1', 'b/x/2', lagged(['a'], { x: 1, delta: 1 })]);
  });

  it('keeps the newest bytes of best-effort deltas, and counts what cannot merge without falling behind', () => {
    const queue = create({ capacity: 1 });
    queue.offer('a/delta/abc', 'bestEffort');
    expect([queue.offer('a/delta/de', 'bestEffort'), queue.offer('b/delta/x', 'bestEffort')]).toEqual([
      'merged',
      'skipped',
    ]);
    expect(queue.isBehind('b')).toBe(false);
    expect(queue.tryReceiveBatch(9)).toEqual(['a/delta/bcde', lagged(['b'], { delta: 1 })]);
  });

  it('refuses a merge that keeps more than it was allowed to', () => {
    const greedy = { ...profile, merge: (queued: Text, next: Text) => `${queued}${text(next)}` };
    const queue = create({ capacity: 1, profile: greedy });
    queue.offer('a/delta/abc', 'bestEffort');
    expect(queue.offer('a/delta/de', 'bestEffort')).toBe('skipped');
  });

  it('puts the newest state at the end and joins the gaps around the one it replaces (EV-5)', () => {
    const queue = create({ capacity: 1 });
    queue.offer('a/x/1', 'lossless');
    queue.skip('b/x/2');
    queue.offer('a/state/3', 'latest');
    queue.skip('c/x/4');
    expect(queue.offer('a/state/5', 'latest')).toBe('replaced');
    queue.skip('c/x/6');
    expect(queue.tryReceiveBatch(9)).toEqual([
      'a/x/1',
      lagged(['b', 'c'], { x: 3 }),
      new Resynced('b', 'b since b/x/2'),
      new Resynced('c', 'c since c/x/4'),
      'a/state/5',
    ]);
  });

  it('keeps every state while there is room, and only the newest of a key when the queue is full', () => {
    const queue = create({ capacity: 1 });
    expect([queue.offer('a/state/1', 'latest'), queue.offer('a/state/2', 'latest')]).toEqual([
      'sent',
      'sent',
    ]);
    queue.offer('a/x/3', 'lossless');
    expect(queue.tryReceive()).toBe('a/state/1');
    expect(queue.offer('a/state/4', 'latest')).toBe('replaced');
    expect(queue.tryReceiveBatch(9)).toEqual(['a/x/3', 'a/state/4']);
  });

  it('bounds the states by keys and bytes; beyond, the group falls behind and the queued state stays (EV-7)', () => {
    const queue = create({ latestCapacity: 1, latestBytes: 3 });
    expect(queue.offer('a/state/1', 'latest')).toBe('sent');
    expect(queue.offer('b/state/2', 'latest')).toBe('skipped');
    const bytes = create({ latestBytes: 3 });
    bytes.offer('a/state/11', 'latest');
    bytes.offer('b/state/2', 'latest');
    expect(bytes.offer('b/state/22', 'latest')).toBe('skipped');
    expect(bytes.tryReceiveBatch(2)).toEqual(['a/state/11', 'b/state/2']);
  });

  it('counts an event of no group without anybody falling behind', () => {
    const queue = create();
    expect([queue.skip('/x/1'), queue.offer('/x/2', 'lossless')]).toEqual(['skipped', 'sent']);
    expect(queue.tryReceiveBatch(9)).toEqual([lagged([], { x: 1 }), '/x/2']);
  });

  it('remembers a bounded number of groups, and says when there were more', () => {
    const queue = create({ maxGroupsBehind: 1, maxGroupsListed: 2 });
    for (const name of ['a', 'b', 'c']) queue.skip(`${name}/x/1`);
    expect(queue.offer('never seen/x/2', 'lossless')).toBe('skipped');
    expect(queue.tryReceive()).toEqual(new Lagged(4, new Map([['x', 4]]), ['a', 'b'], false));
    expect(queue.tryReceive()).toBeInstanceOf(Resynced);
    expect(queue.offer('b/x/3', 'lossless')).toBe('sent');
  });

  it('still knows that there were more when gaps are joined', () => {
    const queue = create({ maxGroupsBehind: 1, latestCapacity: 1 });
    queue.skip('a/x/1');
    queue.offer('/state/2', 'latest');
    queue.skip('b/x/3');
    expect(queue.offer('/state/4', 'latest')).toBe('replaced');
    expect(queue.offer('c/x/5', 'lossless')).toBe('skipped');
    expect(queue.tryReceiveBatch(9)).toEqual([
      new Lagged(3, new Map([['x', 3]]), ['a', 'b', 'c'], false),
      new Resynced('a', 'a since a/x/1'),
      '/state/4',
    ]);
    expect(queue.offer('b/x/6', 'lossless')).toBe('sent');
  });

  it('gives slots all or none, frees them when the event is read, and takes a permit once (EV-8)', () => {
    const queue = create();
    const both = queue.tryReserveMany(2);
    if (typeof both === 'string') throw new Error(both);
    expect([queue.tryReserve(), queue.tryReserveMany(1)]).toEqual(['full', 'full']);
    expect(queue.offer('a/end/1', 'reserved')).toBe('skipped');
    both[0]?.send('b/end/2');
    expect(() => both[0]?.send('b/end/3')).toThrow(expect.objectContaining({ code: 'PERMIT_SPENT' }));
    both[1]?.release();
    both[0]?.release();
    expect([both[1]?.isSpent, queue.slotsTaken]).toEqual([true, 1]);
    queue.tryReceiveBatch(9);
    expect([queue.slotsTaken, queue.offer('a/end/4', 'reserved')]).toEqual([0, 'sent']);
  });

  it('keeps permits good after close, and ends when they are spent (EV-2)', async () => {
    const queue = create();
    const [used, unused] = [reserve(queue), reserve(queue)];
    queue.skip('a/x/1');
    queue.close();
    queue.close();
    expect([queue.offer('a/x/2', 'lossless'), queue.skip('a/x/3'), queue.tryReserve()]).toEqual(
      Array(3).fill('closed'),
    );
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const received of queue) seen.push(received);
    })();
    await queue.whenSlots(2);
    expect(used.send('a/end/4')).toBe('sent');
    await queue.whenRoom();
    expect(queue.state).toBe('closing');
    unused.release();
    await reading;
    expect(seen).toEqual([lagged(['a'], { x: 1 }), new Resynced('a', 'a since a/x/1'), 'a/end/4']);
    expect([queue.isDone, await queue.receive(), await queue.receiveBatch(3)]).toEqual([true, undefined, []]);
  });

  it('drops everything when the consumer leaves, and permits do nothing any more (EV-8)', async () => {
    const queue = create();
    const [used, unused] = [reserve(queue), reserve(queue)];
    queue.offer('a/x/1', 'lossless');
    const slots = queue.whenSlots(1);
    queue.dispose();
    expect([used.send('a/end/2'), queue.offer('a/x/3', 'lossless')]).toEqual(['closed', 'closed']);
    unused.release();
    await slots;
    expect(queue.stats).toMatchObject({ emitted: 1, discarded: 1, queued: 0, bytes: 0, slotsTaken: 0 });
    expect(await queue.receive()).toBeUndefined();
  });

  it('wakes who waits for room in order, one after the other for as long as there is room (CH-5)', async () => {
    const queue = create({ capacity: 1 });
    await queue.whenRoom();
    queue.offer('a/x/1', 'lossless');
    queue.offer('a/x/2', 'lossless');
    const woken: string[] = [];
    const waits = ['first', 'second'].map((name) => queue.whenRoom().then(() => woken.push(name)));
    const aborted = queue.whenRoom(AbortSignal.abort('gone'));
    await expect(aborted).rejects.toBe('gone');
    queue.tryReceive();
    await Promise.all(waits);
    expect(woken).toEqual(['first', 'second']);
  });

  it('lets nobody wait for more slots than there are', async () => {
    await expect(create().whenSlots(3)).rejects.toMatchObject({ code: 'INVALID_LIMIT' });
  });

  it('says when less than half is taken, by count and by bytes', () => {
    const queue = create({ capacity: 4, maxBytes: 10 });
    const seen = [queue.isBelowHalf];
    queue.offer('a/x/1', 'lossless');
    seen.push(queue.isBelowHalf);
    queue.offer('a/x/12345', 'lossless');
    seen.push(queue.isBelowHalf);
    expect(seen).toEqual([true, true, false]);
  });

  it('refuses undefined as an event', () => {
    const queue = create() as EventQueue<Text | undefined, string>;
    expect(() => queue.offer(undefined, 'lossless')).toThrow(
      expect.objectContaining({ code: 'UNDEFINED_MESSAGE' }),
    );
  });
});
