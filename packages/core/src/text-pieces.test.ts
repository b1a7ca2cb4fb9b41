import { describe, expect, it } from 'vitest';
import { textPieces } from './text-pieces.js';

describe('a text in pieces', () => {
  it('is whole when they are joined, and none is longer than it may be', () => {
    const pieces = [...textPieces('abcdefgh', 3)];
    expect(pieces).toEqual(['abc', 'def', 'gh']);
    expect([...textPieces('', 3)]).toEqual([]);
  });

  it.each([0, 1, 2, 3])('has no piece that ends inside a character, %i units on', (shift) => {
    const text = `${'x'.repeat(shift)}${'🌊'.repeat(20)}`;
    const pieces = [...textPieces(text, 5)];
    expect(pieces.join('')).toBe(text);
    const encoded = pieces.map((piece) => new TextDecoder().decode(new TextEncoder().encode(piece)));
    expect(encoded).toEqual(pieces);
  });
});
