import { describe, expect, it } from 'vitest';
import { commandActions } from './command-actions.js';

const actions = (script: string) => commandActions(script, '/project');
const read = (path: string, name = path) =>
  expect.objectContaining({ type: 'read', name, path: `/project/${path}` });

describe('commandActions', () => {
  it('names each part of a script', () => {
    expect(actions('ls -la && cat nothing.txt')).toEqual([
      { type: 'listFiles', command: 'ls -la', path: null },
      { type: 'read', command: 'cat nothing.txt', name: 'nothing.txt', path: '/project/nothing.txt' },
    ]);
  });

  it.each([
    'pwd',
    'sleep 30',
    'echo hello; echo err >&2; pwd',
    'ls /no/such/file; exit 3',
    'cat a > b',
    'ls $(rm a)',
    '',
  ])('says of %j as a whole that it is unknown', (script) => {
    expect(actions(script)).toEqual([{ type: 'unknown', command: script }]);
  });

  it.each([
    ['cat a.txt', 'a.txt'],
    ['cat -n a.txt', 'a.txt'],
    ['head -n 50 a.txt', 'a.txt'],
    ['head -50 a.txt', 'a.txt'],
    ['tail -n +10 a.txt', 'a.txt'],
    ["sed -n '10,20p' a.txt", 'a.txt'],
    ["nl -ba a.txt | sed -n '1,40p'", 'a.txt'],
    ['cat a.txt | head -5 | sort | uniq -c', 'a.txt'],
    ['cat -- a.txt', 'a.txt'],
  ])('knows that %j reads a file, and shows the whole script', (script, path) => {
    expect(actions(script)).toEqual([read(path)]);
    expect(actions(script)[0]?.command).toBe(script);
  });

  it('shows the last telling part of a path, and resolves it', () => {
    expect(actions('cat packages/core/src/../src/a.ts')).toEqual([
      expect.objectContaining({ name: 'a.ts', path: '/project/packages/core/src/a.ts' }),
    ]);
    expect(actions('ls packages/core/src')).toEqual([expect.objectContaining({ path: 'core' })]);
  });

  it('follows cd', () => {
    expect(actions('cd packages && cat a.txt')).toEqual([read('packages/a.txt', 'a.txt')]);
    expect(actions('cd /etc; cat hosts')).toEqual([expect.objectContaining({ path: '/etc/hosts' })]);
    for (const script of ['cd a', 'cd a | cat b', 'ls || cd a', 'cd -; ls', 'cd a b && ls']) {
      expect(actions(script)).toEqual([{ type: 'unknown', command: script }]);
    }
  });

  it.each([
    ['rg -n "a b" src/lib', 'a b', 'lib'],
    ['rg -g "*.ts" needle', 'needle', null],
    ['grep -rn needle packages', 'needle', 'packages'],
    ['grep -e needle a.txt', 'needle', 'a.txt'],
    ['git grep needle', 'needle', null],
    ['find packages -name "*.ts"', '*.ts', 'packages'],
    ['fd needle docs', 'needle', 'docs'],
  ])('knows that %j searches', (script, query, path) => {
    expect(actions(script)).toEqual([{ type: 'search', command: script, query, path }]);
  });

  it('shows of a search in a pipe only the search', () => {
    expect(actions('rg needle | head -5')).toEqual([
      { type: 'search', command: 'rg needle', query: 'needle', path: null },
    ]);
  });

  it.each([
    ['ls', null],
    ['ls docs/', 'docs'],
    ['rg --files', null],
    ['rg --files docs | head -n 20', 'docs'],
    ['git ls-files', null],
    ['find . -type f', '.'],
    ['fd', null],
    ['tree -L 2 docs', 'docs'],
    ['du -sh docs', 'docs'],
  ])('knows that %j lists files', (script, path) => {
    expect(actions(script)).toEqual([{ type: 'listFiles', command: script, path }]);
  });

  it.each([
    'find . -delete',
    'find . -name a -exec rm {} ;',
    'fd a -x rm',
    'fd -HX rm',
    'rg --pre ./run a',
    'git grep -Ovi a',
    'git -c core.pager=x grep a',
    'sed -i s/a/b/ a.txt',
    "sed -n 'w b' a.txt",
    'cat a | sort -o b',
    'cat a | tee b',
    'cat a | uniq - b',
    'cat a | xargs rm',
    'cat a | awk "{print > 1}"',
    'tree -o out.txt',
    'cat a b',
    'head',
    'sort a',
  ])('does not vouch for %j', (script) => {
    expect(actions(script)).toEqual([{ type: 'unknown', command: script }]);
  });
});
