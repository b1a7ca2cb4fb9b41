import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { ConfigTable } from './config-file.js';
import { editToml, tableChanges } from './toml-edit.js';
import { canonicalText } from './toml-value.js';

const edit = (text: string, after: ConfigTable): string =>
  editToml(text, tableChanges(parse(text), after), after);

const key = fc.constantFrom('a', 'b', 'c d', 'e.f', '"', 'ü');
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('"""', "'''", '#', '\\', '\u007f\n'),
);
const value = fc.letrec<{ value: unknown; table: ConfigTable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.array(tie('table'), { minLength: 1, maxLength: 2 }),
    tie('table'),
  ),
  table: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
}));

describe('editToml', () => {
  it('changes a value where it stands and leaves everything else as it was written', () => {
    const text = `# ours
model   = 'old'   # keep me
[tools] # all of them
list = [
  1, # one
  2,
]
[tools.deep]
x = """a # no comment
[not.a.table]"""
`;
    expect(
      edit(text, {
        model: 'new',
        tools: { list: [1, 2], deep: { x: 'a # no comment\n[not.a.table]', y: 1 } },
      }),
    ).toBe(text.replace("'old'", '"new"').replace('table]"""\n', 'table]"""\ny = 1\n'));
  });

  const cases: readonly (readonly [string, string, ConfigTable, string])[] = [
    [
      'puts the first key of the root before the first table',
      '[a]\nb = 1\n',
      { a: { b: 1 }, c: 2 },
      'c = 2\n\n[a]\nb = 1\n',
    ],
    [
      'puts a key of the root after the others',
      'x = 1\n\n[a]\nb = 1\n',
      { x: 1, a: { b: 1 }, c: 2 },
      'x = 1\nc = 2\n\n[a]\nb = 1\n',
    ],
    [
      'makes a section for a table that is not there',
      'x = 1',
      { x: 1, a: { b: { c: true } } },
      'x = 1\n\n[a]\n\n[a.b]\nc = true\n',
    ],
    ['stays with dotted keys', 'a.b.c = 1\n', { a: { b: { c: 1, d: 2 } } }, 'a.b.c = 1\na.b.d = 2\n'],
    ['writes an inline table anew', 'a = { b = 1, c = 2 } # x\n', { a: { c: 3 } }, 'a = { c = 3 } # x\n'],
    [
      'removes a table with the tables in it',
      'x = 1\n[a]\nb = 1\n[a.c]\nd = 1\n[e]\nf = 1\n',
      { x: 1, e: { f: 1 } },
      'x = 1\n[e]\nf = 1\n',
    ],
    [
      'replaces an array of tables',
      'x = 1\n[[s.config]]\nn = 1\n[[s.config]]\nn = 2\n',
      { x: 1, s: { config: [{ n: 2 }] } },
      'x = 1\n\n[s]\nconfig = [{ n = 2 }]\n',
    ],
    ['keeps the line ends of the file', 'x = 1\r\n', { x: 2, y: 3 }, 'x = 2\r\ny = 3\r\n'],
    ['begins a file', '', { a: 'b' }, 'a = "b"\n'],
  ];
  it.each(cases)('%s', (_, before, after, expected) => {
    expect(edit(before, after)).toBe(expected);
  });

  it('says after an edit what it was to say, for any two tables', () => {
    fc.assert(
      fc.property(value.table, value.table, (before, after) => {
        const text = edit(stringify(before), after);
        expect(canonicalText(parse(text))).toBe(canonicalText(after));
      }),
      { numRuns: 1_000, seed: 20_261_121 },
    );
  });

  it('keeps every comment that is not inside of what changes, for any change of one key', () => {
    fc.assert(
      fc.property(value.table, key, scalar, (before, changed, next) => {
        const commented = `# first\n${stringify(before)}# last\n`;
        const text = edit(commented, { ...before, [changed]: next });
        expect(text.startsWith('# first\n') || text.includes('\n# first\n')).toBe(true);
        expect(text).toContain('# last\n');
      }),
      { numRuns: 300, seed: 20_261_121 },
    );
  });
});
