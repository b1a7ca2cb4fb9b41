import { LIMITS } from '@millrace/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePatch } from './patch-grammar.js';

const wrap = (...lines: string[]) => ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n');

const operations = (text: string) => {
  const parsed = parsePatch(text);
  if (parsed.type !== 'patch') throw new Error(parsed.message);
  return parsed.operations;
};

const message = (text: string) => {
  const parsed = parsePatch(text);
  return parsed.type === 'syntaxError' ? parsed.message : 'no error';
};

const EXAMPLE = wrap(
  '*** Add File: new.txt',
  '+line one',
  '+',
  '*** Update File: old.txt',
  '*** Move to: dir/renamed.txt',
  '@@ class A',
  '@@ def f():',
  ' alpha',
  '-beta',
  '+BETA',
  '@@',
  '+last',
  '*** End of File',
  '*** Delete File: gone.txt',
);

const EXAMPLE_OPERATIONS = [
  { type: 'add', path: 'new.txt', content: 'line one\n\n' },
  {
    type: 'update',
    path: 'old.txt',
    movePath: 'dir/renamed.txt',
    hunks: [
      {
        anchors: ['class A', 'def f():'],
        lines: [
          { type: 'context', text: 'alpha' },
          { type: 'remove', text: 'beta' },
          { type: 'add', text: 'BETA' },
        ],
        atEndOfFile: false,
      },
      { anchors: [], lines: [{ type: 'add', text: 'last' }], atEndOfFile: true },
    ],
  },
  { type: 'delete', path: 'gone.txt' },
];

describe('parsePatch', () => {
  it('reads every operation of a patch in order', () => {
    expect(operations(EXAMPLE)).toEqual(EXAMPLE_OPERATIONS);
  });

  it.each([
    ['CRLF line ends', EXAMPLE.replaceAll('\n', '\r\n')],
    ['no newline at the end', EXAMPLE.trimEnd()],
    ['white space around it', `\n\n  ${EXAMPLE}\n \n`],
    ['a heredoc around it', `<<'EOF'\n${EXAMPLE}EOF\n`],
    ['a heredoc with its command', `apply_patch <<"PATCH"\n${EXAMPLE}PATCH`],
    ['blank lines between sections', EXAMPLE.replaceAll('\n***', '\n\n\n***')],
  ])('tolerates %s', (_what, text) => {
    expect(operations(text)).toEqual(EXAMPLE_OPERATIONS);
  });

  it('takes a first hunk without @@, and an empty line for an empty context line', () => {
    expect(operations(wrap('*** Update File: a', ' x', '', '-y'))).toEqual([
      {
        type: 'update',
        path: 'a',
        movePath: undefined,
        hunks: [
          {
            anchors: [],
            lines: [
              { type: 'context', text: 'x' },
              { type: 'context', text: '' },
              { type: 'remove', text: 'y' },
            ],
            atEndOfFile: false,
          },
        ],
      },
    ]);
  });

  it('ignores line numbers after @@', () => {
    expect(operations(wrap('*** Update File: a', '@@ -1,3 +1,4 @@ f()', '+x'))).toEqual([
      expect.objectContaining({ hunks: [expect.objectContaining({ anchors: [] })] }),
    ]);
  });

  it('takes an empty new file and a pure rename', () => {
    expect(operations(wrap('*** Add File: a', '*** Update File: b', '*** Move to: c'))).toEqual([
      { type: 'add', path: 'a', content: '' },
      { type: 'update', path: 'b', movePath: 'c', hunks: [] },
    ]);
  });

  it('keeps lines of a file that look like the grammar', () => {
    const update = wrap('*** Update File: a', '@@', ' *** End Patch', '-@@', '+*** Add File: b');
    expect(operations(update)).toEqual([
      expect.objectContaining({
        hunks: [
          expect.objectContaining({
            lines: [
              { type: 'context', text: '*** End Patch' },
              { type: 'remove', text: '@@' },
              { type: 'add', text: '*** Add File: b' },
            ],
          }),
        ],
      }),
    ]);
  });

  it.each([
    ['no patch', 'garbage', 'line 1: a patch starts with the line "*** Begin Patch"'],
    ['nothing', '', 'line 1: a patch starts with the line "*** Begin Patch"'],
    [
      'a missing end',
      '*** Begin Patch\n*** Delete File: a',
      'line 3: the patch does not end with the line "*** End Patch"',
    ],
    [
      'text after the end',
      `${wrap('*** Delete File: a')}more`,
      'line 4: there is text after "*** End Patch"',
    ],
    ['no operation', wrap(), 'line 3: the patch changes no file'],
    ['an unknown header', wrap('*** Rename File: a'), 'line 2: expected "*** Add File: PATH"'],
    ['a missing path', wrap('*** Delete File: '), 'line 2: "*** Delete File:" needs a path'],
    ['a new file without +', wrap('*** Add File: a', 'text'), 'line 3: expected "*** Add File: PATH"'],
    ['an update without hunks', wrap('*** Update File: a'), 'line 3: the update of "a" changes nothing'],
    ['an empty hunk', wrap('*** Update File: a', '@@'), 'line 4: the hunk has no lines'],
    [
      'a line without prefix',
      wrap('*** Update File: a', '@@', 'x'),
      'line 4: a line of a hunk starts with " ", "-" or "+", found "x"',
    ],
    [
      'a hunk after the end of the file',
      wrap('*** Update File: a', '+x', '*** End of File', '+y'),
      'line 5: a hunk after the first one starts with "@@"',
    ],
  ])('explains %s', (_what, text, expected) => {
    expect(message(text)).toContain(`invalid patch, ${expected}`);
  });

  it('refuses a text beyond its limit', () => {
    expect(message('é'.repeat(LIMITS.patchBytes / 2 + 1))).toContain(`more than ${LIMITS.patchBytes} bytes`);
  });

  it('never throws, whatever the text', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '*** Begin Patch',
        '*** End Patch',
        '*** Add File: a',
        '*** Update File: a',
        '*** Delete File: a',
      ),
      fc.constantFrom(
        '*** Move to: b',
        '*** End of File',
        '@@',
        '@@ x',
        '+x',
        '-x',
        ' x',
        '',
        '***',
        "<<'EOF'",
        'EOF',
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 15 }), fc.boolean(), (lines, isWrapped) => {
        const parsed = parsePatch(isWrapped ? wrap(...lines) : lines.join('\n'));
        if (parsed.type === 'patch') expect(parsed.operations.length).toBeGreaterThan(0);
        else expect(parsed.message).toMatch(/^invalid patch, line \d+: /);
      }),
      { numRuns: 3_000, seed: 20_261_121 },
    );
  });
});
