import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShellScript } from './shell-script.js';
import { joinShellWords, quoteShell } from './shell-words.js';

describe('quoteShell', () => {
  it.each([
    ['pwd', 'pwd'],
    ['definitely-not-a-command-xyz', 'definitely-not-a-command-xyz'],
    ['src/a.ts:3', 'src/a.ts:3'],
    ['', "''"],
    ['touch made.txt && echo made', "'touch made.txt && echo made'"],
    ['echo $HOME', "'echo $HOME'"],
    ['a "b" c', `'a "b" c'`],
    ["it's", `"it's"`],
    ['printf "a\\xff"', '"printf \\"a\\\\xff\\""'],
    ["it's $x", `"it's "'$x'`],
    ['^', "'^'"],
    ['a=b', "'a=b'"],
    ['*.ts', "'*.ts'"],
    ['héé', "'héé'"],
  ])('writes %j as %s', (word, quoted) => {
    expect(quoteShell(word)).toBe(quoted);
  });

  it('refuses a NUL, which no argument can hold', () => {
    expect(() => quoteShell('a\0b')).toThrow(RangeError);
  });
});

describe('joinShellWords', () => {
  it('writes a command as a person would type it', () => {
    expect(joinShellWords(['/bin/bash', '-c', 'touch made.txt && echo made'])).toBe(
      "/bin/bash -c 'touch made.txt && echo made'",
    );
  });

  it('quotes a word that would be one of the shell itself', () => {
    expect(parseShellScript(joinShellWords([']]']))).toEqual([{ words: [']]'], operator: undefined }]);
  });

  it('is read back as the same words, whatever they hold', () => {
    const character = fc.constantFrom(...'ab/^\'"\\$`!*?[]{}()<>|&;#~= \t\né😀');
    const word = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        // `$` and backquotes stand in single quotes, so nothing is left for the shell to expand.
        expect(parseShellScript(joinShellWords(words))).toEqual([{ words, operator: undefined }]);
      }),
      { numRuns: 2_000, seed: 20_261_121 },
    );
  });
});
