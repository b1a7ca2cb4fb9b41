import { describe, expect, it } from 'vitest';
import { type BurstWay, runBurst } from './burst.js';

describe.each<readonly [BurstWay, number]>([
  ['standard input and output', 1_000],
  ['standard input and output', 20_000],
  ['a websocket', 1_000],
  ['a websocket', 20_000],
  ['a unix socket', 1_000],
])('over %s, a burst of %i requests that nobody waits for', (way, count) => {
  it('is answered, every one once, even when answers are read late (RQ-1, RQ-3)', async () => {
    const { answeredOnce, refused, retryable, end } = await runBurst(way, count);
    expect(answeredOnce).toBe(count);
    expect(retryable).toBe(refused);
    expect(end).toEqual([0, null]);
  });
});
