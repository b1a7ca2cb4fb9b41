import { expect, test } from 'vitest';
import { importsOf } from './import-statement.js';

test('every form of import is found, and whether it lasts until run time', () => {
  const text = `
import 'one';
import two from 'two';
import { three, type Three } from "three";
import type { Four } from 'four';
import {
  five,
} from 'five';
export { six } from 'six';
export type { Seven } from 'seven';
export * from 'eight';
const nine = await import('nine');
`;
  const found = importsOf(text).map(
    ({ specifier, isTypeOnly }) => `${specifier}${isTypeOnly ? ' (type)' : ''}`,
  );
  expect(found).toEqual([
    'one',
    'two',
    'three',
    'four (type)',
    'five',
    'six',
    'seven (type)',
    'eight',
    'nine',
  ]);
});

test('an import in a comment is none', () => {
  expect(
    importsOf("// import 'one';\n/**\n * import { two } from 'two';\n */\nexport const three = 3;\n"),
  ).toEqual([]);
});
