import { describe, expect, it } from 'vitest';
import { createDeferred } from './deferred.js';
import { type TaskFailure, TaskGroup } from './task-group.js';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

describe('TaskGroup', () => {
  it('is settled at once when nothing runs', async () => {
    expect(await new TaskGroup().settled()).toEqual([]);
  });

  it('waits for every task, also for those spawned meanwhile', async () => {
    const group = new TaskGroup();
    const [first, second] = [createDeferred<void>(), createDeferred<void>()];
    group.spawn('first', async () => {
      await first.promise;
      group.spawn('second', () => second.promise);
    });
    let isSettled = false;
    const settled = group.settled().then(() => {
      isSettled = true;
    });
    expect(group.running).toEqual(['first']);
    first.resolve();
    await first.promise;
    for (let tick = 0; tick < 5; tick += 1) await undefined;
    expect([isSettled, group.running]).toEqual([false, ['second']]);
    second.resolve();
    await settled;
    expect(group.running).toEqual([]);
  });

  it('reports a failure at once and in the end, also of a task that throws in its first tick', async () => {
    const reported: TaskFailure[] = [];
    const group = new TaskGroup({ onFailure: (failure) => reported.push(failure) });
    const error = new Error('broken');
    group.spawn('sync', () => {
      throw error;
    });
    group.spawn('async', () => Promise.reject(error));
    const expected = [
      { name: 'sync', error },
      { name: 'async', error },
    ];
    expect(await group.settled()).toEqual(expected);
    expect(reported).toEqual(expected);
  });

  it('does not call it a failure when a task ends by the abort, but does when it fails otherwise', async () => {
    const group = new TaskGroup();
    group.spawn('obedient', untilAborted);
    group.spawn('clumsy', (signal) =>
      untilAborted(signal).catch(() => {
        throw new Error('cleanup failed');
      }),
    );
    group.abort(new Error('shutdown'));
    expect(group.signal.aborted).toBe(true);
    expect((await group.settled()).map(({ name }) => name)).toEqual(['clumsy']);
    expect(group.spawn('late', untilAborted)).toBe('closed');
  });

  it('starts nothing beyond its capacity or after close', async () => {
    const group = new TaskGroup({ capacity: 1 });
    const gate = createDeferred<void>();
    expect(group.spawn('one', () => gate.promise)).toBe('spawned');
    expect(group.spawn('two', () => gate.promise)).toBe('full');
    group.close();
    expect(group.spawn('three', () => gate.promise)).toBe('closed');
    gate.resolve();
    expect(await group.settled()).toEqual([]);
  });

  it('keeps a bounded number of failures', async () => {
    let reported = 0;
    const group = new TaskGroup({ onFailure: () => (reported += 1) });
    for (let i = 0; i < 100; i += 1) group.spawn(`${i}`, () => Promise.reject(new Error('broken')));
    expect([(await group.settled()).length, reported]).toEqual([64, 100]);
  });
});
