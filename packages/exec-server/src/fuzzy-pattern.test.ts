import { expect, test } from 'vitest';
import { FuzzyPattern } from './fuzzy-pattern.js';

function find(query: string, path: string, isFile = true): readonly [number, readonly number[]] | undefined {
  const match = new FuzzyPattern(query).match(path, isFile);
  return match && [match.score, match.positions];
}

const NAME = 65_536;

// Scores and positions that release 0.169.0 of the reference server gave for these paths.
test.each([
  ['alpha', 'alpha.txt', NAME + 134, [0, 1, 2, 3, 4]],
  ['ALPHA', 'beta/alpha.ts', NAME + 134, [5, 6, 7, 8, 9]],
  ['alpha', 'link-alpha.txt', NAME + 128, [5, 6, 7, 8, 9]],
  ['alpha', 'src/alphabet/one.txt', 134, [4, 5, 6, 7, 8]],
  ['alp ts', 'beta/alpha.ts', 140, [5, 6, 7, 11, 12]],
  ['hid', '.hidden', NAME + 80, [1, 2, 3]],
  ['gmd', 'beta/gamma.md', NAME + 75, [5, 11, 12]],
  ['beta/', 'beta/gamma.md', 134, [0, 1, 2, 3, 4]],
  ['alphaB', 'AlphaBeta', NAME + 159, [0, 1, 2, 3, 4, 5]],
  ['ab', 'alpha_beta', NAME + 51, [0, 6]],
  ['ab', 'AlphaBeta', NAME + 49, [0, 5]],
  ['ab', 'alphabeta', NAME + 44, [0, 5]],
  ['ab', 'fooBar9baz', NAME + 28, [4, 7]],
  ['b9b', 'fooBar9baz', NAME + 64, [3, 6, 7]],
  ['fbb', 'fooBar9baz', NAME + 62, [0, 3, 7]],
  ['f9', 'fooBar9baz', NAME + 48, [0, 6]],
  ['1a', 'x1alpha', NAME + 47, [1, 2]],
  ['xalpha', 'x1alpha', NAME + 127, [0, 2, 3, 4, 5, 6]],
  ['alph a', 'a-l-p-h-a', 131, [0, 2, 4, 6]],
  ['alph a', 'al/pha/x', 140, [0, 1, 3, 4]],
  ['al/pha', 'al/pha/x', 159, [0, 1, 2, 3, 4, 5]],
  ['beta', 'alphabeta', NAME + 76, [5, 6, 7, 8]],
  ['^alpha', 'alpha.txt', 134, [0, 1, 2, 3, 4]],
  ['alpha$', 'x1alpha', 96, [2, 3, 4, 5, 6]],
  ["'pha", 'al/pha/x', 84, [3, 4, 5]],
  ["'pha", 'alphabeta', 56, [2, 3, 4]],
  ['^al beta', 'alpha_beta', 163, [0, 1, 6, 7, 8, 9]],
  ['!alpha ab', 'fooBar9baz', 28, [4, 7]],
  ['/f', 'd/e/f', 41, [3, 4]],
  ['x/y', 'xx/yy', 72, [0, 2, 3]],
  ['ss', 'Straße', NAME + 45, [0, 4]],
  ['uni', 'Ünï.txt', NAME + 84, [0, 1, 2]],
  ['unicode', 'Ünïcode', 3 * NAME + 184, [0, 1, 2, 3, 4, 5, 6]],
])('%s in %s has the score and the places of the reference server', (query, path, score, positions) => {
  expect(find(query, path)).toEqual([score, positions]);
});

test('the name of a directory counts more only as a whole', () => {
  expect(find('alpha', 'src/alphabet', false)).toEqual([134, [4, 5, 6, 7, 8]]);
  expect(find('server', 'packages/server', false)).toEqual([2 * NAME + 159, [9, 10, 11, 12, 13, 14]]);
});

test.each([
  ['alpha', 'beta'],
  ['^alpha', 'x/alpha'],
  ['alpha$', 'alpha.txt'],
  ["'alph", 'al/pha'],
  ['!alpha', 'alpha.txt'],
  ['alpha zeta', 'alpha.txt'],
  ['^alpha$', 'alpha.txt'],
])('%s is not in %s', (query, path) => {
  expect(find(query, path)).toBeUndefined();
});

test('characters outside the basic plane count as one each', () => {
  expect(find('b', 'a/😀b')).toEqual([NAME + 32, [3]]);
});

test('spaces and marks alone ask for nothing', () => {
  expect(['', '  ', '!', '^', '$', "'"].map((query) => new FuzzyPattern(query).isEmpty)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
  ]);
});
