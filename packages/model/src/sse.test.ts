import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseDecoder } from './sse.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const TEXT =
  ': hello\r\nevent: a\r\ndata: {"x":"€😀"}\r\n\r\ndata: one\ndata: two\n\nid: 7\nretry: 9\ndata: drei\n\ndata: cut';
const EVENTS = ['{"x":"€😀"}', 'one\ntwo', 'drei'];

describe('SseDecoder', () => {
  it('gives out the same events wherever the bytes are cut in two, also inside a character or a line ending', () => {
    const whole = bytes(TEXT);
    for (let at = 0; at <= whole.length; at += 1) {
      const decoder = new SseDecoder();
      const events = [...decoder.decode(whole.subarray(0, at)), ...decoder.decode(whole.subarray(at))];
      expect(events, `cut at byte ${at}`).toEqual(EVENTS);
    }
  });

  it('gives out the same events when every byte comes alone', () => {
    const decoder = new SseDecoder();
    expect([...bytes(TEXT)].flatMap((byte) => decoder.decode(Uint8Array.of(byte)))).toEqual(EVENTS);
  });

  it('stops at an event that is larger than allowed, and keeps none of it', () => {
    const decoder = new SseDecoder(64);
    expect(decoder.decode(bytes('data: ok\n\n'))).toEqual(['ok']);
    expect(decoder.decode(bytes(`data: ${'x'.repeat(100)}`))).toEqual([]);
    expect(decoder.isOverfull).toBe(true);
    expect(decoder.decode(bytes('\n\ndata: more\n\n'))).toEqual([]);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        const decoder = new SseDecoder(32);
        for (const chunk of chunks) expect(Array.isArray(decoder.decode(chunk))).toBe(true);
      }),
      { seed: 20_261_121, numRuns: 300 },
    );
  });
});
