import { describe, expect, it } from 'vitest';
import { interleavings } from './interleavings.js';

describe('interleavings', () => {
  it('gives each order once', () => {
    expect([...interleavings([2, 1])]).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect([...interleavings([3, 2, 2])].length).toBe(210);
  });
});
