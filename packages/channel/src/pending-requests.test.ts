import { describe, expect, it } from 'vitest';
import { type OpenRequest, PendingRequests } from './pending-requests.js';

function open<V>(pending: PendingRequests<V>): OpenRequest<V> {
  const request = pending.open();
  if (typeof request === 'string') throw new Error(request);
  return request;
}

describe('PendingRequests', () => {
  it('settles each request by its id, exactly once (RQ-1)', async () => {
    const pending = new PendingRequests<string>({ capacity: 4 });
    const [first, second] = [open(pending), open(pending)];
    expect([
      pending.settle(second.id, 'b'),
      pending.settle(first.id, 'a'),
      pending.settle(first.id, 'c'),
    ]).toEqual([true, true, false]);
    expect(await Promise.all([first.promise, second.promise])).toEqual(['a', 'b']);
    expect(pending.stats).toEqual({ opened: 2, settled: 2, unmatched: 1 });
  });

  it('never gives a late answer to a newer request of the same slot (RQ-7)', async () => {
    const pending = new PendingRequests<string>({ capacity: 1 });
    const old = open(pending);
    pending.fail(old.id, new Error('timed out'));
    await expect(old.promise).rejects.toThrow('timed out');
    const ids = new Set([old.id]);
    for (let i = 0; i < 100; i += 1) {
      const next = open(pending);
      expect([ids.has(next.id), pending.settle(old.id, 'late')]).toEqual([false, false]);
      ids.add(next.id);
      pending.settle(next.id, 'ok');
      expect(await next.promise).toBe('ok');
    }
    expect(pending.stats.unmatched).toBe(100);
  });

  it('is full at its capacity, and has room again after an answer', () => {
    const pending = new PendingRequests<number>({ capacity: 2 });
    const first = open(pending);
    open(pending);
    expect([pending.open(), pending.size]).toEqual(['full', 2]);
    pending.settle(first.id, 1);
    expect(open(pending).id).toBe(first.id + 2);
  });

  it.each([
    -1,
    -0.5,
    1.5,
    7,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('counts an answer to %d as unmatched', (id) => {
    const pending = new PendingRequests<number>({ capacity: 1 });
    expect([pending.settle(id, 1), pending.fail(id, 'no'), pending.stats.unmatched]).toEqual([
      false,
      false,
      2,
    ]);
  });

  it('fails everything that waits and opens no more (RQ-6)', async () => {
    const pending = new PendingRequests<number>({ capacity: 3 });
    const requests = [open(pending), open(pending)];
    pending.settle(requests[0]?.id ?? -1, 1);
    pending.failAll(new Error('peer gone'));
    pending.failAll(new Error('again'));
    expect(await Promise.allSettled(requests.map(({ promise }) => promise))).toMatchObject([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: { message: 'peer gone' } },
    ]);
    expect([pending.open(), pending.size]).toEqual(['closed', 0]);
  });
});
