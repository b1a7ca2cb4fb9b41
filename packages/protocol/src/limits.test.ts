import { expect, test } from 'vitest';
import { LIMITS } from './limits.js';

test('every limit is a whole number above zero', () => {
  for (const [name, value] of Object.entries(LIMITS)) {
    expect([name, Number.isSafeInteger(value) && value > 0]).toEqual([name, true]);
  }
});

test('limits that depend on each other fit together', () => {
  expect(LIMITS.mergeBytes).toBeLessThan(LIMITS.viewBytes);
  expect(LIMITS.bestEffortBytes).toBeLessThan(LIMITS.viewBytes);
  expect(LIMITS.lineBytes).toBeLessThanOrEqual(LIMITS.requestQueueBytes);
  expect(LIMITS.aggregatedOutputBytes).toBeLessThan(LIMITS.viewBytes);
  expect(LIMITS.minYieldMs).toBeLessThan(LIMITS.yieldMs);
  expect(LIMITS.yieldMs).toBeLessThan(LIMITS.maxYieldMs);
  expect(LIMITS.slowConsumerGraceMs).toBeLessThan(LIMITS.shutdownGraceMs);
  expect(LIMITS.inputChars).toBe(2 ** 20);
});
