import { createDeferred, type Deferred } from '@millrace/channel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedQueues } from './keyed-queues.js';

/** Work that waits to be let go, and says what it does. */
class Bench {
  readonly log: string[] = [];
  readonly #open = new Map<string, Deferred<void>>();

  work(name: string): () => Promise<void> {
    return async () => {
      this.log.push(name);
      const open = createDeferred<void>();
      this.#open.set(name, open);
      await open.promise;
    };
  }

  async finish(name: string): Promise<void> {
    this.#open.get(name)?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('KeyedQueues', () => {
  it('runs work of a free key in the same tick, and keeps nothing of it', () => {
    const queues = new KeyedQueues(1);
    const log: string[] = [];
    for (const name of ['a', 'b', 'c'])
      expect(queues.run('k', false, () => void log.push(name))).toBe('accepted');
    expect(log).toEqual(['a', 'b', 'c']);
    expect(queues.size).toBe(0);
  });

  it('runs the work of one key one after the other, in order, and other keys beside it', async () => {
    const queues = new KeyedQueues(8);
    const bench = new Bench();
    for (const name of ['a', 'b', 'c']) queues.run('k', false, bench.work(name));
    queues.run('other', false, bench.work('x'));
    expect(bench.log).toEqual(['a', 'x']);
    await bench.finish('a');
    await bench.finish('b');
    expect(bench.log).toEqual(['a', 'x', 'b', 'c']);
    await bench.finish('c');
    await bench.finish('x');
    expect(queues.size).toBe(0);
  });

  it('runs shared work together, and never past exclusive work that waits', async () => {
    const queues = new KeyedQueues(8);
    const bench = new Bench();
    queues.run('k', true, bench.work('r1'));
    queues.run('k', true, bench.work('r2'));
    queues.run('k', false, bench.work('w'));
    queues.run('k', true, bench.work('r3'));
    expect(bench.log).toEqual(['r1', 'r2']);
    await bench.finish('r1');
    expect(bench.log).toEqual(['r1', 'r2']);
    await bench.finish('r2');
    expect(bench.log).toEqual(['r1', 'r2', 'w']);
    await bench.finish('w');
    expect(bench.log).toEqual(['r1', 'r2', 'w', 'r3']);
  });

  it('refuses what is beyond its depth, without any effect (RQ-3)', async () => {
    const queues = new KeyedQueues(1);
    const bench = new Bench();
    expect(queues.run('k', false, bench.work('a'))).toBe('accepted');
    expect(queues.run('k', false, bench.work('b'))).toBe('accepted');
    expect(queues.run('k', false, bench.work('c'))).toBe('full');
    await bench.finish('a');
    await bench.finish('b');
    expect(bench.log).toEqual(['a', 'b']);
  });

  it('goes on when work fails', async () => {
    const queues = new KeyedQueues(8);
    const log: string[] = [];
    queues.run('k', false, () => Promise.reject(new Error('broken')));
    queues.run('k', false, () => void log.push('next'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(['next']);
    expect(queues.size).toBe(0);
  });

  it('keeps the order of each key and never runs exclusive work beside other work, in 1,000 schedules', async () => {
    const task = fc.record({ key: fc.constantFrom('a', 'b'), isShared: fc.boolean(), isAsync: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(task, { maxLength: 12 }), async (scheduler, tasks) => {
        const queues = new KeyedQueues(100);
        const running = new Map<string, boolean[]>();
        const started = new Map<string, number[]>();
        for (const [index, { key, isShared, isAsync }] of tasks.entries()) {
          queues.run(key, isShared, () => {
            const beside = running.get(key) ?? [];
            expect(beside.every((other) => other && isShared)).toBe(true);
            started.set(key, [...(started.get(key) ?? []), index]);
            if (!isAsync) return undefined;
            running.set(key, [...beside, isShared]);
            return scheduler.schedule(Promise.resolve()).then(() => {
              running.set(key, (running.get(key) ?? []).slice(1));
            });
          });
        }
        while (scheduler.count() > 0) {
          await scheduler.waitAll();
          await new Promise((resolve) => setImmediate(resolve));
        }
        for (const indices of started.values()) expect(indices).toEqual([...indices].sort((a, b) => a - b));
        expect([...started.values()].flat()).toHaveLength(tasks.length);
        expect(queues.size).toBe(0);
      }),
      { numRuns: 1_000, seed: 20_261_121 },
    );
  });
});
