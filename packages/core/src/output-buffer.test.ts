import { LIMITS } from '@millrace/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputBuffer } from './output-buffer.js';

const encode = (text: string) => new TextEncoder().encode(text);

describe('OutputBuffer', () => {
  it('gives back what fits, whole', () => {
    const buffer = new OutputBuffer(16);
    for (const chunk of ['hello ', '', 'wörld', '!']) buffer.append(encode(chunk));
    expect(buffer.text()).toBe('hello wörld!');
    expect(buffer.totalBytes).toBe(13);
  });

  it('keeps the start and the end, and says how much is missing between', () => {
    const buffer = new OutputBuffer(8);
    for (const chunk of ['0123', '4567', '89', 'abcdef']) buffer.append(encode(chunk));
    expect(buffer.text()).toBe('0123\n... 8 bytes omitted ...\ncdef');
  });

  it('keeps one mebibyte where nobody says otherwise', () => {
    const buffer = new OutputBuffer();
    const output = Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join('');
    buffer.append(encode(output));
    const text = buffer.text();
    expect(text.length).toBe(LIMITS.aggregatedOutputBytes + '\n... 240319 bytes omitted ...\n'.length);
    expect(text.startsWith('1\n2\n3\n')).toBe(true);
    expect(text.endsWith('\n199999\n200000\n')).toBe(true);
    expect(text).toContain('\n... 240319 bytes omitted ...\n');
  });

  it('never cuts a character in two', () => {
    const buffer = new OutputBuffer(10);
    buffer.append(encode('aéé€€€éé€'));
    expect(buffer.text()).toBe('aéé\n... 11 bytes omitted ...\né€');
  });

  it('takes a copy, so that the caller may reuse its chunk', () => {
    const buffer = new OutputBuffer(4);
    const chunk = encode('abcd');
    buffer.append(chunk);
    chunk.fill(0);
    expect(buffer.text()).toBe('abcd');
  });

  it('refuses a bound without two halves', () => {
    expect(() => new OutputBuffer(1)).toThrow(RangeError);
    expect(() => new OutputBuffer(2.5)).toThrow(RangeError);
  });

  it('keeps exactly the first and the last bytes, for any chunks', () => {
    const chunks = fc.array(fc.string({ unit: fc.constantFrom(...'abcdef'), maxLength: 12 }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), chunks, (maxBytes, texts) => {
        const buffer = new OutputBuffer(maxBytes);
        for (const text of texts) buffer.append(encode(text));
        const all = texts.join('');
        const half = Math.floor(maxBytes / 2);
        const cut = `${all.slice(0, half)}\n... ${all.length - maxBytes} bytes omitted ...\n${all.slice(half - maxBytes)}`;
        expect(buffer.text()).toBe(all.length <= maxBytes ? all : cut);
        expect(buffer.totalBytes).toBe(all.length);
      }),
      { numRuns: 2_000, seed: 20_261_121 },
    );
  });
});
