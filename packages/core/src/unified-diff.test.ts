import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './unified-diff.js';

const numbered = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${name(index)}\n`).join('');

describe('unifiedDiff', () => {
  it('gives hunks with three lines of context', () => {
    const old = numbered(20, (index) => `${index + 1}`);
    expect(unifiedDiff(old, old.replace('\n10\n', '\nten\n'))).toBe(
      '@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n',
    );
  });

  it('names ranges of one line and of none in the short form', () => {
    expect(unifiedDiff('', 'in\n')).toBe('@@ -0,0 +1 @@\n+in\n');
    expect(unifiedDiff('bye\n', '')).toBe('@@ -1 +0,0 @@\n-bye\n');
    expect(unifiedDiff('a\n', 'b\n')).toBe('@@ -1 +1 @@\n-a\n+b\n');
  });

  it('is empty when nothing changed', () => {
    expect(unifiedDiff('a\n', 'a\n')).toBe('');
  });

  it('says where a newline is missing', () => {
    expect(unifiedDiff('a', 'a\n')).toBe('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n');
  });

  it('falls back to one hunk for texts that differ too much', () => {
    const body = numbered(3_000, (index) => `old ${index}`);
    const changed = numbered(2_000, (index) => `new ${index}`);
    const diff = unifiedDiff(`1\n2\n3\n4\n${body}5\n6`, `1\n2\n3\n4\n${changed}5\n6`);
    expect(diff.startsWith('@@ -2,3005 +2,2005 @@\n 2\n 3\n 4\n-old 0\n-old 1\n')).toBe(true);
    expect(diff.endsWith('+new 1999\n 5\n 6\n\\ No newline at end of file\n')).toBe(true);
  });

  it('gives the right line numbers far inside a long text', () => {
    const old = numbered(10_000, (index) => `${index + 1}`);
    const changed = old.replace('\n5000\n', '\nx\n').replace('\n9000\n', '\n');
    expect(unifiedDiff(old, changed)).toBe(
      '@@ -4997,7 +4997,7 @@\n 4997\n 4998\n 4999\n-5000\n+x\n 5001\n 5002\n 5003\n' +
        '@@ -8997,7 +8997,6 @@\n 8997\n 8998\n 8999\n-9000\n 9001\n 9002\n 9003\n',
    );
  });

  it('is a patch from the old text to the new one', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', '\n', 'c', 'd\r\n'), { maxLength: 30 })
      .map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, text, (oldText, newText) => {
        fc.pre(oldText !== newText);
        const patch = `--- a\n+++ b\n${unifiedDiff(oldText, newText)}`;
        expect(applyPatch(oldText, patch, { autoConvertLineEndings: false })).toBe(newText);
      }),
      { numRuns: 500, seed: 20_261_121 },
    );
  });
});
