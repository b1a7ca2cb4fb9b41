import { describe, expect, it } from 'vitest';
import { SeededRandom, seededRandom } from './seeded-random.js';

describe('SeededRandom', () => {
  it('gives the same numbers for the same seed, and others for the next one', () => {
    const draw = (seed: number): number[] => {
      const random = new SeededRandom(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const plain = seededRandom(7);
    expect(Array.from({ length: 5 }, plain)).toEqual(draw(7));
  });

  it('reaches every whole number of a range, evenly, and no other', () => {
    const random = new SeededRandom(1);
    const counts = new Map<number, number>();
    for (let i = 0; i < 6_000; i += 1) {
      const number = random.int(3, 8);
      counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([3, 4, 5, 6, 7, 8]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
