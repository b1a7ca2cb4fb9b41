import { describe, expect, it } from 'vitest';
import { formatRule, parseRules } from './rule-text.js';

const rulesOf = (text: string) => {
  const parsed = parseRules(text);
  return parsed.type === 'rules' ? parsed.rules : parsed.problem;
};

describe('parseRules', () => {
  it('reads calls over several lines, with comments, both quotes and commas at the end', () => {
    const text = `# mine
prefix_rule(
  pattern = ["git", ['status', "log"],],  # reading
  decision = "allow",
  justification = "it's \\"safe\\"",
  match = ["git status", ["git", "log"]],
)
prefix_rule(pattern=['rm'], decision='forbidden') prefix_rule(pattern=["cat"])`;
    expect(rulesOf(text)).toEqual([
      { pattern: ['git', ['status', 'log']], decision: 'allow', where: 'anywhere' },
      { pattern: ['rm'], decision: 'forbidden', where: 'anywhere' },
      { pattern: ['cat'], decision: 'allow', where: 'anywhere' },
    ]);
    expect(rulesOf('')).toEqual([]);
    expect(rulesOf('# nothing')).toEqual([]);
  });

  it.each([
    ['prefix_rule(pattern=[])', 'line 1: the pattern'],
    ['\n\nprefix_rule()', 'line 3: the pattern'],
    ['prefix_rule(pattern="git")', 'line 1: the pattern'],
    ['prefix_rule(pattern=["git", []])', 'line 1: the pattern'],
    ['prefix_rule(pattern=["git", [["a"]]])', 'line 1: the pattern'],
    ['prefix_rule(pattern=["git"], decision="yes")', 'line 1: the decision'],
    ['prefix_rule(pattern=["git"], where="here")', 'line 1: where'],
    ['prefix_rule(pattern=["git"], more="x")', 'line 1: a rule has no more'],
    ['other_rule(pattern=["git"])', 'line 1: there is no rule called other_rule'],
    ['prefix_rule(pattern=["git"]', 'line 1: expected ,, found the end'],
    ['prefix_rule(pattern=["git)', 'line 1: cannot read'],
    ['prefix_rule(pattern=["\\x"])', 'line 1: cannot read the text'],
    ['x = 1', 'line 1: there is no rule called x'],
    ['prefix_rule(pattern=["a"] "b")', 'line 1: expected ,, found b'],
  ])('leaves out nothing quietly: %j is unclear', (text, problem) => {
    expect(rulesOf(text)).toContain(problem);
  });

  it('reads back what is written, whatever the words are', () => {
    const words = ['a b', '"', "'", '\\', '\n', '\t', 'é', '\u2028', '#', ')', ''];
    for (const where of ['sandbox', 'anywhere'] as const) {
      const rule = { pattern: [...words, words], decision: 'prompt', where } as const;
      expect(formatRule(rule).split('\n')).toHaveLength(2);
      expect(rulesOf(formatRule(rule) + formatRule(rule))).toEqual([rule, rule]);
    }
  });
});
