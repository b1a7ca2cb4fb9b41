import { describe, expect, it } from 'vitest';
import { RingBuffer } from './ring-buffer.js';

describe('RingBuffer', () => {
  it('gives values back in order, over growth and wrap-around', () => {
    const buffer = new RingBuffer<number>();
    const seen: (number | undefined)[] = [];
    for (let i = 0; i < 100; i += 1) {
      buffer.push(i);
      if (i % 3 === 0) seen.push(buffer.shift());
    }
    while (buffer.size > 0) seen.push(buffer.shift());
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(buffer.shift()).toBeUndefined();
  });

  it('is empty and usable after clear', () => {
    const buffer = new RingBuffer<string>();
    buffer.push('a');
    buffer.clear();
    expect([buffer.size, buffer.shift()]).toEqual([0, undefined]);
    buffer.push('b');
    expect(buffer.shift()).toBe('b');
  });
});
