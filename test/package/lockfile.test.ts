import { expect, test } from 'vitest';
import { missingOptionalPackages } from './lockfile.js';

test('an optional package without an entry is named once', () => {
  const packages = {
    '': {},
    'node_modules/one': { optionalDependencies: { 'one-linux': '1.0.0', 'one-darwin': '1.0.0' } },
    'node_modules/two': { optionalDependencies: { 'one-darwin': '1.0.0' } },
    'node_modules/one-linux': {},
  };
  expect(missingOptionalPackages({ packages })).toEqual(['one-darwin']);
});

test('an optional package below another one counts as provided', () => {
  const packages = {
    'node_modules/one': { optionalDependencies: { '@scope/native': '1.0.0' } },
    'node_modules/one/node_modules/@scope/native': {},
  };
  expect(missingOptionalPackages({ packages })).toEqual([]);
});
