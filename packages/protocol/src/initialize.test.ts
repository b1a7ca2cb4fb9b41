import { expect, test } from 'vitest';
import { isClientName } from './initialize.js';

test('a client is called by what fits into an HTTP header', () => {
  expect(['golden-driver', 'a b', 'x\ty', ''].map(isClientName)).toEqual([true, true, true, true]);
  expect(['bad\nname', 'bad\rname', 'ü', '\u0000', '\u007f'].map(isClientName)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
