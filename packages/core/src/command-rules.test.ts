import { describe, expect, it } from 'vitest';
import {
  beginsWith,
  type PlacedCommand,
  type PrefixRule,
  proposedAmendment,
  ruleOn,
  segments,
  type WordPattern,
} from './command-rules.js';

const bash = (script: string): PlacedCommand => ({
  argv: ['/bin/bash', '-c', script],
  script,
  isConfined: true,
});
const rule = (
  decision: PrefixRule['decision'],
  pattern: readonly WordPattern[],
  where: PrefixRule['where'] = 'anywhere',
): PrefixRule => ({ pattern, decision, where });
const allow = (patterns: readonly (readonly string[])[]): PrefixRule[] =>
  patterns.map((pattern) => rule('allow', pattern));
const isAllowed = (command: PlacedCommand, patterns: readonly (readonly string[])[]): boolean =>
  ruleOn(command, allow(patterns)) === 'allow';

describe('proposedAmendment', () => {
  it('proposes the first simple command that is not granted', () => {
    const command = bash('touch made.txt && echo made');
    expect(proposedAmendment(command)).toEqual(['touch', 'made.txt']);
    expect(proposedAmendment(command, allow([['touch']]))).toEqual(['echo', 'made']);
    expect(proposedAmendment(command, allow([['touch'], ['echo', 'made']]))).toBeUndefined();
  });

  it('proposes the whole argument vector of a script that it cannot read', () => {
    const command = bash('echo hi > out.txt && echo wrote');
    expect(proposedAmendment(command, allow([['echo']]))).toEqual([
      '/bin/bash',
      '-c',
      'echo hi > out.txt && echo wrote',
    ]);
  });
});

describe('a rule that allows', () => {
  it('passes a compound only when every part is granted (AP-2)', () => {
    expect(isAllowed(bash('touch a'), [['touch']])).toBe(true);
    expect(isAllowed(bash('touch a | cat; cat a'), [['touch'], ['cat']])).toBe(true);
    expect(isAllowed(bash('touch a && rm b'), [['touch']])).toBe(false);
    expect(isAllowed(bash('touch a | rm b'), [['touch']])).toBe(false);
    expect(isAllowed(bash('touch a\nrm b'), [['touch']])).toBe(false);
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
    expect(isAllowed(bash(script), [['echo'], ['A=1'], ['/bin/bash']])).toBe(false);
  });

  it('passes a script that it cannot read only when exactly that was granted', () => {
    const command = bash('echo a > b');
    expect(isAllowed(command, [command.argv])).toBe(true);
    expect(isAllowed(command, [['/bin/bash', '-c']])).toBe(false);
    expect(isAllowed(command, [[...command.argv, 'more']])).toBe(false);
  });

  it('compares whole words', () => {
    expect(isAllowed(bash('touchy a'), [['touch']])).toBe(false);
    expect(isAllowed(bash('git push'), [['git', 'status']])).toBe(false);
    expect(isAllowed(bash('git'), [['git', 'status']])).toBe(false);
    expect(isAllowed(bash('"git" status -s'), [['git', 'status']])).toBe(true);
  });
});

describe('ruleOn', () => {
  it('says nothing of what no rule is about', () => {
    expect(ruleOn(bash('ls'), [])).toBeUndefined();
    expect(ruleOn(bash('ls'), [rule('forbidden', ['rm'])])).toBeUndefined();
  });

  it('has the strictest decision of any part count', () => {
    const rules = [
      rule('allow', ['git']),
      rule('prompt', ['git', 'push']),
      rule('forbidden', ['git', 'push', '-f']),
    ];
    expect(ruleOn(bash('git status'), rules)).toBe('allow');
    expect(ruleOn(bash('git status && git push'), rules)).toBe('prompt');
    expect(ruleOn(bash('git push -f | cat'), rules)).toBe('forbidden');
    expect(ruleOn(bash('git status && unknown'), rules)).toBeUndefined();
    expect(ruleOn(bash('unknown; git push -f'), rules)).toBe('forbidden');
  });

  it('has words that stand for several', () => {
    const rules = [rule('allow', ['git', ['status', 'log']])];
    expect(ruleOn(bash('git log -1'), rules)).toBe('allow');
    expect(ruleOn(bash('git push'), rules)).toBeUndefined();
    expect(ruleOn(bash('git'), rules)).toBeUndefined();
  });

  it('has what was allowed inside a sandbox say nothing of the outside (AP-3)', () => {
    const outside = { ...bash('touch a'), isConfined: false };
    const rules = [rule('allow', ['touch'], 'sandbox')];
    expect(ruleOn(bash('touch a'), rules)).toBe('allow');
    expect(ruleOn(outside, rules)).toBeUndefined();
    expect(proposedAmendment(outside, rules)).toEqual(['touch', 'a']);
    expect(ruleOn(outside, [rule('allow', ['touch'])])).toBe('allow');
    expect(ruleOn(outside, [rule('forbidden', ['touch'], 'sandbox')])).toBe('forbidden');
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
