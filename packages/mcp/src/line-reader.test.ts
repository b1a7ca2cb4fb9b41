import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineReader } from './line-reader.js';

const bytes = (text: string) => new TextEncoder().encode(text);

it('gives the same lines however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.nat(20)), (texts, cuts) => {
      const lines = texts.map((text) => text.replaceAll('\n', ' '));
      const all = bytes(lines.map((line) => `${line}\n`).join(''));
      const reader = new LineReader(1_000_000);
      const read: string[] = [];
      let start = 0;
      for (const cut of [...cuts, all.length]) {
        read.push(...reader.push(all.subarray(start, start + cut)));
        start = Math.min(all.length, start + cut);
      }
      expect(read).toEqual(lines);
    }),
    { seed: 20_261_121 },
  );
});

it('holds no line over the limit, ended or not', () => {
  expect(new LineReader(4).push(bytes('1234\n12'))).toEqual(['1234']);
  expect(() => new LineReader(4).push(bytes('12345'))).toThrow('a message is larger than 4 bytes');
  const reader = new LineReader(4);
  reader.push(bytes('123'));
  expect(() => reader.push(bytes('45\n'))).toThrow('a message is larger than 4 bytes');
});
