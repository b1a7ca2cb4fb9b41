import { describe, expect, it } from 'vitest';
import { beginsWith, isGranted, proposedAmendment, type ScriptCommand, segments } from './command-grant.js';

const bash = (script: string): ScriptCommand => ({ argv: ['/bin/bash', '-c', script], script });

describe('proposedAmendment', () => {
  it('proposes the first simple command that is not granted', () => {
    const command = bash('touch made.txt && echo made');
    expect(proposedAmendment(command)).toEqual(['touch', 'made.txt']);
    expect(proposedAmendment(command, [['touch']])).toEqual(['echo', 'made']);
    expect(proposedAmendment(command, [['touch'], ['echo', 'made']])).toBeUndefined();
  });

  it('proposes the whole argument vector of a script that it cannot read', () => {
    const command = bash('echo hi > out.txt && echo wrote');
    expect(proposedAmendment(command, [['echo']])).toEqual([
      '/bin/bash',
      '-c',
      'echo hi > out.txt && echo wrote',
    ]);
  });
});

describe('isGranted', () => {
  it('passes a compound only when every part is granted (AP-2)', () => {
    expect(isGranted(bash('touch a'), [['touch']])).toBe(true);
    expect(isGranted(bash('touch a | cat; cat a'), [['touch'], ['cat']])).toBe(true);
    expect(isGranted(bash('touch a && rm b'), [['touch']])).toBe(false);
    expect(isGranted(bash('touch a | rm b'), [['touch']])).toBe(false);
    expect(isGranted(bash('touch a\nrm b'), [['touch']])).toBe(false);
  });

  it.each([
    'echo $(rm b)',
    'echo a > b',
    'echo a & rm b',
    'A=1 echo',
    'echo `rm b`',
    'echo a; { rm b; }',
    '',
  ])('does not pass %j for a granted name, because it is more than that name says', (script) => {
    expect(isGranted(bash(script), [['echo'], ['A=1'], ['/bin/bash']])).toBe(false);
  });

  it('passes a script that it cannot read only when exactly that was granted', () => {
    const command = bash('echo a > b');
    expect(isGranted(command, [command.argv])).toBe(true);
    expect(isGranted(command, [['/bin/bash', '-c']])).toBe(false);
    expect(isGranted(command, [[...command.argv, 'more']])).toBe(false);
  });

  it('compares whole words', () => {
    expect(isGranted(bash('touchy a'), [['touch']])).toBe(false);
    expect(isGranted(bash('git push'), [['git', 'status']])).toBe(false);
    expect(isGranted(bash('git'), [['git', 'status']])).toBe(false);
    expect(isGranted(bash('"git" status -s'), [['git', 'status']])).toBe(true);
  });
});

describe('beginsWith', () => {
  it('never holds for an empty prefix', () => {
    expect(beginsWith(['ls'], [])).toBe(false);
  });
});

describe('segments', () => {
  it('gives the words of each simple command, and undefined for anything else', () => {
    expect(segments('ls -la && cat "a b"')).toEqual([
      ['ls', '-la'],
      ['cat', 'a b'],
    ]);
    expect(segments('ls > a')).toBeUndefined();
  });
});
