import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.js';

describe('Base64', () => {
  it('comes back as the bytes that it was made from', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const decoded = decodeBase64(encodeBase64(bytes));
        expect(decoded.type === 'bytes' && Uint8Array.from(decoded.bytes)).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it('is read from one text for each sequence of bytes only', () => {
    fc.assert(
      fc.property(
        fc.base64String(),
        fc.nat(),
        fc.constantFrom('A', 'B', '=', '!', ''),
        (text, at, symbol) => {
          const position = at % (text.length + 1);
          const changed = text.slice(0, position) + symbol + text.slice(position + 1);
          const decoded = decodeBase64(changed);
          if (decoded.type === 'bytes') expect(encodeBase64(decoded.bytes)).toBe(changed);
          else expect(decoded.reason).toMatch(/^Invalid /);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ['!!', 'Invalid symbol 33, offset 0.'],
    ['ab-d', 'Invalid symbol 45, offset 2.'],
    ['aé==', 'Invalid symbol 195, offset 1.'],
    ['a===', 'Invalid symbol 61, offset 1.'],
    ['ab=d', 'Invalid symbol 61, offset 2.'],
    ['abcde', 'Invalid input length: 5'],
    ['ab', 'Invalid padding'],
    ['abc', 'Invalid padding'],
    ['aB==', 'Invalid last symbol 66, offset 1.'],
  ])('of %s says: %s', (text, reason) => {
    expect(decodeBase64(text)).toEqual({ type: 'invalid', reason });
  });
});
