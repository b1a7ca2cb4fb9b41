import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { namedDifferences } from './named-differences.js';

test('conversations are named in the first column of their own part only', () => {
  const page =
    '| `no` | x |\n## Recorded conversations that differ\n\n| a | b |\n|---|---|\n| `one`, `two` | `not-this` |\n\n## Next\n| `no` | x |';
  expect([...namedDifferences(page)]).toEqual(['one', 'two']);
  expect(namedDifferences('# Nothing').size).toBe(0);
});

test('the page of this repository names some', () => {
  const page = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8');
  expect(namedDifferences(page)).toContain('interrupt-streaming');
});
