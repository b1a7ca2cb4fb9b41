import { describe, expect, it } from 'vitest';
import { readFrontMatter } from './front-matter.js';

const read = (...lines: string[]): Record<string, string> | undefined => {
  const head = readFrontMatter(['---', ...lines, '---', '', 'name: body'].join('\n'));
  return head && Object.fromEntries(head);
};

describe('readFrontMatter', () => {
  it('reads plain and quoted texts, without comments, and nothing of what follows the head', () => {
    expect(
      read(
        'name: tidy-up # for people',
        'description: "Says \\"hi\\": # stays\\n"',
        "title: 'it''s'",
        'a-b: C# and x#y',
        'url: https://example.org/a',
      ),
    ).toEqual({
      name: 'tidy-up',
      description: 'Says "hi": # stays\n',
      title: "it's",
      'a-b': 'C# and x#y',
      url: 'https://example.org/a',
    });
  });

  it('reads texts over several lines: folded, kept as they are, and plain ones that go on deeper', () => {
    expect(
      read('folded: >-', '  one', '  two: not a key', 'kept: |', '  a', '  b', 'plain: first', '  second'),
    ).toEqual({ folded: 'one two: not a key', kept: 'a\nb', plain: 'first second' });
  });

  it('joins the keys of a table with a dot', () => {
    expect(read('metadata:', '  short-description: Tidies', '  author: me', 'name: x')).toEqual({
      'metadata.short-description': 'Tidies',
      'metadata.author': 'me',
      name: 'x',
    });
  });

  it('reads a head with Windows line ends and a byte order mark, and an empty one', () => {
    expect(readFrontMatter('\uFEFF---\r\nname: x\r\n---\r\nbody')).toEqual(new Map([['name', 'x']]));
    expect(readFrontMatter('---\n---\n')).toEqual(new Map());
  });

  it.each([
    'name: x',
    '---\nname: x',
    ' ---\nname: x\n---',
    '# Title\n---\nname: x\n---',
    '',
  ])('knows %j for a file without a head', (text) => {
    expect(readFrontMatter(text)).toBeUndefined();
  });
});
