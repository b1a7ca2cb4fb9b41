import { describe, expect, it } from 'vitest';
import { GrowingText } from './growing-text.js';

describe('GrowingText', () => {
  it('is the concatenation of its deltas, however often it is read in between', () => {
    const text = new GrowingText();
    let expected = '';
    for (let index = 0; index < 2_000; index++) {
      text.append(`${index} `);
      expected += `${index} `;
      if (index % 300 === 0) expect(text.toString()).toBe(expected);
    }
    expect(text.toString()).toBe(expected);
  });

  it('is empty after it was cleared', () => {
    const text = new GrowingText();
    text.append('a');
    text.clear();
    expect(text.toString()).toBe('');
  });
});
