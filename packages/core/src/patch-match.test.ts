import { describe, expect, it } from 'vitest';
import { parsePatch } from './patch-grammar.js';
import { matchHunks } from './patch-match.js';

/** Applies hunks to lines; the message when they do not match. */
function apply(lines: readonly string[], ...hunkLines: string[]): string[] | string {
  const parsed = parsePatch(
    ['*** Begin Patch', '*** Update File: f', ...hunkLines, '*** End Patch'].join('\n'),
  );
  if (parsed.type !== 'patch') throw new Error(parsed.message);
  const [operation] = parsed.operations;
  if (operation?.type !== 'update') throw new Error('not an update');
  const edits = matchHunks(lines, operation.hunks);
  if ('type' in edits) return edits.message;
  const result = [...lines];
  for (const { start, deleteCount, insert } of edits.toReversed())
    result.splice(start, deleteCount, ...insert);
  return result;
}

const LETTERS = ['a', 'b', 'c', 'd', 'e'];

describe('matchHunks', () => {
  it('replaces, inserts and removes where the context stands', () => {
    expect(apply(LETTERS, '@@', ' a', '-b', '+B', ' c', '+x', ' d', '-e')).toEqual(['a', 'B', 'c', 'x', 'd']);
  });

  it('places hunks one after the other', () => {
    expect(apply(['x', 'a', 'x', 'a'], '@@', '-x', '+1', '@@', '-x', '+2')).toEqual(['1', 'a', '2', 'a']);
  });

  it('seeks the anchors first, one after the other', () => {
    const lines = ['class A', ' def f', '  x', 'class B', ' def f', '  x', '  y'];
    expect(apply(lines, '@@ class B', '@@  def f', '-  x', '+  z')).toEqual([
      ...lines.slice(0, 5),
      '  z',
      '  y',
    ]);
  });

  it('puts lines that are only added after the anchor, or at the end of the file', () => {
    expect(apply(LETTERS, '@@ b', '+x')).toEqual(['a', 'b', 'x', 'c', 'd', 'e']);
    expect(apply(LETTERS, '@@', '+x')).toEqual([...LETTERS, 'x']);
    expect(apply(LETTERS, '@@ b', '+x', '*** End of File')).toEqual([...LETTERS, 'x']);
    expect(apply([], '+x')).toEqual(['x']);
  });

  it('lets other hunks follow one that appends', () => {
    expect(apply(LETTERS, '@@', '+x', '@@', '-b', '+B', '@@', '+y')).toEqual([
      'a',
      'B',
      'c',
      'd',
      'e',
      'x',
      'y',
    ]);
  });

  it('takes the last place for a hunk at the end of the file', () => {
    expect(apply(['x', 'a', 'x'], '@@', '-x', '+y', '*** End of File')).toEqual(['x', 'a', 'y']);
  });

  it.each([
    ['white space at the end', ['a  ', 'b'], ' a'],
    ['white space at the start', ['\ta', 'b'], ' a'],
    ['dashes and quotes', ['\u201Ca\u201D \u2014 it\u2019s', 'b'], ` "a" - it's`],
    ['spaces that do not break', ['a\u00A0a', 'b'], ' a a'],
  ])('matches without regard to %s, and leaves context lines as they are', (_what, lines, context) => {
    expect(apply(lines, '@@', context, '-b', '+B')).toEqual([lines[0], 'B']);
  });

  it('prefers an exact match to an earlier one that is only alike', () => {
    expect(apply([' x', 'x'], '@@', '-x', '+y')).toEqual([' x', 'y']);
  });

  it('drops empty context at the end when the file has none there', () => {
    expect(apply(['a'], '@@', '-a', '+b', ' ')).toEqual(['b']);
  });

  it('refuses a hunk that fits twice, and names both places', () => {
    const message = apply(['x', 'a', 'x', 'a'], '@@', '-x', '+y');
    expect(message).toContain('hunk 1 of 1: its lines stand at line 1 and again at line 3');
    expect(message).toContain('"@@" line');
  });

  it('refuses a hunk that fits twice before the next one', () => {
    expect(apply(['x', 'x', 'b'], '@@', '-x', '+y', '@@', '-b', '+c')).toContain('hunk 1 of 2');
    expect(apply(['x', 'b', 'x'], '@@', '-x', '+y', '@@', '-b', '+c')).toEqual(['y', 'c', 'x']);
  });

  it('names the lines that are not there', () => {
    expect(apply(LETTERS, '@@', ' a', '-z')).toBe('hunk 1 of 1: these lines were not found:\na\nz');
    expect(apply(LETTERS, '@@ zz', '-a')).toBe('hunk 1 of 1: these lines were not found:\nzz');
  });

  it('says when the lines stand before the hunk that came first', () => {
    expect(apply(LETTERS, '@@', '-d', '+D', '@@', '-b', '+B')).toContain(
      'hunk 2 of 2: these lines were not found after line 4 (they stand at line 2; hunks must be in the order of the file)',
    );
  });

  it('says when the lines are not at the end', () => {
    expect(apply(LETTERS, '@@', '-b', '*** End of File')).toContain(
      'at the end of the file (they stand at line 2',
    );
  });

  it('quotes long hunks only in part', () => {
    const removed = Array.from({ length: 50 }, (_, index) => `-${'x'.repeat(500)}${index}`);
    const message = apply(LETTERS, '@@', ...removed);
    expect(message.length).toBeLessThan(5_000);
    expect(message).toContain('… 30 more');
  });

  it('gives up on more hunks than it can search for', () => {
    const lines = Array.from({ length: 200_000 }, (_, index) => (index % 2 ? 'x' : 'y'));
    const hunks = Array.from({ length: 1_000 }, () => ['@@', '-x', '+z']).flat();
    expect(apply(lines, ...hunks)).toContain('use fewer');
  });
});
