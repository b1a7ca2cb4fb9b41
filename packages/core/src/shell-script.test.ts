import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShellScript } from './shell-script.js';

const plain = (script: string) =>
  parseShellScript(script)?.map(({ words, operator }) => `${operator ?? ''}${words.join(' ')}`);

describe('parseShellScript', () => {
  it('reads words, quotes and escapes as the shell does', () => {
    expect(parseShellScript(`echo 'a b' "c \\" d\\n" e\\ f x"y"'z' ""`)).toEqual([
      { words: ['echo', 'a b', 'c " d\\n', 'e f', 'xyz', ''], operator: undefined },
    ]);
  });

  it('splits a script at every operator and line break', () => {
    expect(plain('a && b || c; d | e\nf')).toEqual(['a', '&&b', '||c', ';d', '|e', ';f']);
  });

  it.each(['ls;', 'ls\n', '\n ls', '  ls  '])('takes %j for one command', (script) => {
    expect(plain(script)).toEqual([expect.stringMatching(/^ls$/)]);
  });

  it('goes on after an operator at the end of a line', () => {
    expect(plain('a &&\n\n b')).toEqual(['a', '&&b']);
  });

  it('keeps patterns and placeholders as they were written', () => {
    expect(plain('ls *.ts src/? {} ~/x')).toEqual(['ls *.ts src/? {} ~/x']);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a variable', 'echo $HOME'],
    ['a variable in double quotes', 'echo "$HOME"'],
    ['a substitution', 'echo $(id)'],
    ['backquotes', 'echo `id`'],
    ['an ANSI string', "echo $'a'"],
    ['a redirection', 'echo a > b'],
    ['a descriptor', 'ls 2>&1'],
    ['a heredoc', 'cat <<EOF\na\nEOF'],
    ['a process substitution', 'diff <(ls) b'],
    ['a background job', 'sleep 1 &'],
    ['a background job between commands', 'sleep 1 & ls'],
    ['a subshell', '(ls)'],
    ['a group', '{ ls; }'],
    ['braces', 'touch {a,b}'],
    ['an assignment', 'A=1'],
    ['an assignment before a command', 'A=1 ls'],
    ['an assignment of a quoted value', 'A="1 2" ls'],
    ['an addition to a variable', 'A+=1'],
    ['an assignment to an element', 'a[0]=x ls'],
    ['a loop', 'for i in 1 2; do ls; done'],
    ['a condition', 'if ls; then pwd; fi'],
    ['a negation', '! ls'],
    ['timing', 'time ls'],
    ['a function', 'f() { ls; }'],
    ['a comment', 'ls # all'],
    ['a pipe of both streams', 'ls |& cat'],
    ['two separators', 'ls ;; pwd'],
    ['an operator before', '&& ls'],
    ['an operator after', 'ls &&'],
    ['a pipe after', 'ls |'],
    ['an operator on its own line', 'ls\n&& pwd'],
    ['an open single quote', "echo 'a"],
    ['an open double quote', 'echo "a'],
    ['a backslash at the end', 'ls \\'],
    ['a continued line', 'ls \\\n-l'],
    ['a NUL', 'ls \0'],
    ['a control character', 'ls \x07'],
  ])('does not read %s', (_what, script) => {
    expect(parseShellScript(script)).toBeUndefined();
  });

  it('takes a quoted keyword or a quoted equals sign for a name', () => {
    expect(plain('"if" a; \\if b; a"="b')).toEqual(['if a', ';if b', ';a=b']);
  });

  it('does not look into scripts beyond its limits', () => {
    expect(parseShellScript(`echo ${'a'.repeat(200_000)}`)).toBeUndefined();
    expect(parseShellScript('ls;'.repeat(100))).toBeUndefined();
  });

  it('never throws, and never returns a command without words', () => {
    const text = fc
      .array(fc.constantFrom(...'ab \t\n\'"\\;|&$`<>(){}#!=*'), { maxLength: 40 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (script) => {
        const commands = parseShellScript(script) ?? [];
        expect(commands.every((command) => command.words.length > 0)).toBe(true);
      }),
      { numRuns: 5_000, seed: 20_261_121 },
    );
  });
});
