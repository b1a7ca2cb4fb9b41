import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approximateTokens, execResultText, truncateForModel } from './model-output.js';

describe('execResultText', () => {
  it('tells of a process that ended', () => {
    const result = { chunkId: 'a1b2c3', wallTimeSeconds: 0.00004, exitCode: 0, sessionId: null };
    expect(execResultText({ ...result, output: 'hello\n', originalTokenCount: 2 })).toBe(
      'Chunk ID: a1b2c3\nWall time: 0.0000 seconds\nProcess exited with code 0\nOriginal token count: 2\nOutput:\nhello\n',
    );
  });

  it('tells of a process that goes on', () => {
    const result = { chunkId: 'ffffff', wallTimeSeconds: 1.25, exitCode: null, sessionId: 12345 };
    expect(execResultText({ ...result, output: '', originalTokenCount: 0 })).toBe(
      'Chunk ID: ffffff\nWall time: 1.2500 seconds\nProcess running with session ID 12345\nOriginal token count: 0\nOutput:\n',
    );
  });
});

describe('truncateForModel', () => {
  it('leaves a text alone that is short enough', () => {
    expect(truncateForModel('abcdefgh', 2)).toBe('abcdefgh');
  });

  it('keeps the start and the end of a longer one, and counts lines and tokens', () => {
    expect(truncateForModel('ab\ncd\nef\ngh\nij\nkl\n', 2)).toBe(
      'Total output lines: 6\n\nab\nc…3 tokens truncated…\nkl\n',
    );
  });

  it('never cuts a character in two, and keeps no more than it was allowed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 0, max: 20 }),
        (text, maxTokens) => {
          const cut = truncateForModel(text, maxTokens);
          if (approximateTokens(text) <= maxTokens) expect(cut).toBe(text);
          const body = cut.replace(/^Total output lines: \d+\n\n/, '').replace(/…\d+ tokens truncated…/, '');
          expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(maxTokens * 4);
          expect(cut.includes('\uFFFD')).toBe(text.includes('\uFFFD'));
        },
      ),
      { seed: 20_261_121 },
    );
  });
});
