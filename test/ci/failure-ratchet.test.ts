import { expect, test } from 'vitest';
import { judgeFailures } from './failure-ratchet.js';

test('one failure more than allowed breaks the ratchet', () => {
  expect(judgeFailures(4, 3)).toEqual({ isHeld: false, text: '4 scenarios fail, 3 are allowed' });
});

test('fewer failures than allowed hold, and ask for the number to be lowered', () => {
  expect(judgeFailures(3, 3).isHeld).toBe(true);
  expect(judgeFailures(2, 3)).toEqual({
    isHeld: true,
    text: '2 scenarios fail: lower the number in the ratchet file from 3',
  });
});
