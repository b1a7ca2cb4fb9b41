import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Utf8Decoder } from './text-decoder.js';

describe('Utf8Decoder', () => {
  it('holds back a character until it is complete', () => {
    const decoder = new Utf8Decoder();
    expect(decoder.write(Uint8Array.of(0x63, 0x61, 0x66, 0xc3))).toBe('caf');
    expect(decoder.write(Uint8Array.of(0xa9, 0x0a))).toBe('é\n');
    expect(decoder.end()).toBe('');
  });

  it('turns invalid and unfinished bytes into replacement characters', () => {
    const decoder = new Utf8Decoder();
    expect(decoder.write(Uint8Array.of(0x61, 0xff, 0xfe, 0x62))).toBe('a\uFFFD\uFFFDb');
    expect(decoder.write(Uint8Array.of(0xf0, 0x9f))).toBe('');
    expect(decoder.end()).toBe('\uFFFD');
    expect(decoder.write(Uint8Array.of(0x61))).toBe('a');
  });

  it('keeps a byte order mark', () => {
    expect(new Utf8Decoder().write(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\uFEFFa');
  });

  it('gives the same text however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.nat({ max: 5 }), { maxLength: 40 }),
        (bytes, sizes) => {
          const decoder = new Utf8Decoder();
          let text = '';
          let position = 0;
          for (const size of sizes) {
            text += decoder.write(bytes.subarray(position, position + size));
            position += size;
          }
          text += decoder.write(bytes.subarray(position)) + decoder.end();
          expect(text).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        },
      ),
      { seed: 20_261_121 },
    );
  });
});
