import { LIMITS } from '@millrace/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.js';

const LIMIT = 16;
const message = (text: string) => ({ type: 'message', text });
const tooLong = (head: string) => ({ type: 'tooLong', limitBytes: LIMIT, head });

function split(...chunks: readonly (string | Buffer)[]): unknown[] {
  const splitter = new LineSplitter(LIMIT);
  return [...chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk))), ...splitter.end()];
}

describe('LineSplitter', () => {
  it('ends lines at \\n and \\r\\n, and takes a rest without an end as a line', () => {
    expect(split('a\nb\r\n\nc')).toEqual([message('a'), message('b'), message(''), message('c')]);
  });

  it('drops a line over the limit up to its end, reports it once, and reads on', () => {
    expect(split('a\n', 'x'.repeat(LIMIT + 1), 'more', '\nb\n')).toEqual([
      message('a'),
      tooLong('x'.repeat(LIMIT + 1)),
      message('b'),
    ]);
    expect(split('x'.repeat(LIMIT), '\n')).toEqual([message('x'.repeat(LIMIT))]);
  });

  it('reports a last line that is too long, once', () => {
    expect(split('x'.repeat(LIMIT * 3))).toEqual([tooLong('x'.repeat(LIMIT * 3))]);
  });

  it('keeps of a line that is too long a beginning of bounded size', () => {
    const [line] = new LineSplitter(LIMIT).push(Buffer.from('y'.repeat(LIMITS.messageHeadChars * 2)));
    expect(line).toEqual(tooLong('y'.repeat(LIMITS.messageHeadChars)));
  });

  it('keeps no more than the limit of an unfinished line', () => {
    const splitter = new LineSplitter(LIMIT);
    for (let count = 0; count < 100; count += 1) splitter.push(Buffer.from('xxxxxxxx'));
    expect(splitter.push(Buffer.from('\nok\n'))).toEqual([message('ok')]);
  });

  it('gives the same lines however the bytes are cut, inside characters too', () => {
    const text = fc.array(fc.string({ unit: 'grapheme', maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 8 }), (words, cuts) => {
        const bytes = Buffer.from(words.join('\n'));
        const places = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((start, index) =>
          bytes.subarray(start, places[index] ?? bytes.length),
        );
        expect(split(...pieces)).toEqual(split(bytes));
      }),
      { numRuns: 1_000, seed: 20_261_121 },
    );
  });
});
