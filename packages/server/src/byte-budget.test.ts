import { createDeferred } from '@millrace/channel';
import { VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from './byte-budget.js';

const GRACE_MS = 100;
const MAX_BYTES = 1_000;

/** A budget whose bytes the test sets, and a write that ends when the test says so. */
function guardedWrite() {
  const clock = new VirtualClock();
  const waiting = { bytes: 0 };
  const budget = new ByteBudget({
    clock,
    bytes: () => waiting.bytes,
    maxBytes: MAX_BYTES,
    graceMs: GRACE_MS,
  });
  const begin = () => {
    const write = createDeferred<void>();
    const outcome: { value?: unknown } = {};
    budget.guard(write.promise).then(
      (value) => {
        outcome.value = value;
      },
      (error: unknown) => {
        outcome.value = error;
      },
    );
    return { write, outcome };
  };
  return { clock, waiting, begin };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a byte budget', () => {
  it('never gives up a peer within it, however slow it is', async () => {
    const { clock, waiting, begin } = guardedWrite();
    waiting.bytes = MAX_BYTES;
    const { write, outcome } = begin();
    clock.advance(1_000 * GRACE_MS);
    await settled();
    expect(outcome.value).toBeUndefined();
    write.resolve();
    await settled();
    expect(outcome.value).toBe('written');
  });

  it('gives up a peer above it after a grace, and before a second one is over', async () => {
    const { clock, waiting, begin } = guardedWrite();
    const { outcome } = begin();
    clock.advance(1);
    waiting.bytes = MAX_BYTES + 1;
    clock.advance(2 * GRACE_MS - 2);
    await settled();
    expect(outcome.value).toBeUndefined();
    clock.advance(1);
    await settled();
    expect(outcome.value).toBe('exceeded');
  });

  it('begins a new grace where a peer has caught up in between', async () => {
    const { clock, waiting, begin } = guardedWrite();
    const { outcome } = begin();
    waiting.bytes = MAX_BYTES + 1;
    clock.advance(GRACE_MS);
    waiting.bytes = 0;
    clock.advance(GRACE_MS);
    waiting.bytes = MAX_BYTES + 1;
    clock.advance(GRACE_MS);
    await settled();
    expect(outcome.value).toBeUndefined();
    clock.advance(GRACE_MS);
    await settled();
    expect(outcome.value).toBe('exceeded');
  });

  it('counts the time above it through writes that end', async () => {
    const { clock, waiting, begin } = guardedWrite();
    waiting.bytes = MAX_BYTES + 1;
    const first = begin();
    clock.advance(GRACE_MS);
    first.write.resolve();
    await settled();
    const second = begin();
    clock.advance(GRACE_MS);
    await settled();
    expect([first.outcome.value, second.outcome.value]).toEqual(['written', 'exceeded']);
  });

  it('passes on a write that fails, and leaves no timer behind', async () => {
    const { clock, begin } = guardedWrite();
    const failed = begin();
    const written = begin();
    failed.write.reject(new Error('gone'));
    written.write.resolve();
    await settled();
    expect(failed.outcome.value).toEqual(new Error('gone'));
    expect(written.outcome.value).toBe('written');
    expect(clock.pending).toBe(0);
  });
});
