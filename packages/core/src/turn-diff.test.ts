import { createHash } from 'node:crypto';
import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import type { FileEdit } from './patch-plan.js';
import { TurnDiff } from './turn-diff.js';

const bytes = (text: string | undefined) => (text === undefined ? undefined : new TextEncoder().encode(text));
const edit = (path: string, before: string | undefined, after: string | undefined): FileEdit => ({
  path,
  realPath: path,
  before: bytes(before),
  after: bytes(after),
});
const move = (from: string, to: string, before: string, after: string): FileEdit[] => [
  { ...edit(to, undefined, after), movedFrom: from },
  edit(from, before, undefined),
];

const newDiff = () =>
  new TurnDiff({ root: '/project', sha1: (content) => createHash('sha1').update(content).digest('hex') });
const recorded = (...patches: readonly FileEdit[][]) => {
  const diff = newDiff();
  for (const edits of patches) diff.record(edits);
  return diff.render();
};
const NONE = '0'.repeat(40);

describe('TurnDiff', () => {
  it('shows added, changed and deleted files in order of their paths, with the names that git gives them', () => {
    expect(
      recorded([
        edit('/project/old.txt', 'alpha\nbeta\n', 'alpha\nBETA\n'),
        edit('/project/new.txt', undefined, 'hello\n'),
        edit('/project/gone.txt', 'hello\n', undefined),
      ]),
    ).toBe(
      'diff --git a/gone.txt b/gone.txt\ndeleted file mode 100644\n' +
        `index ce013625030ba8dba906f756967f9e9ca394464a..${NONE}\n--- a/gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-hello\n` +
        'diff --git a/new.txt b/new.txt\nnew file mode 100644\n' +
        `index ${NONE}..ce013625030ba8dba906f756967f9e9ca394464a\n--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+hello\n` +
        'diff --git a/old.txt b/old.txt\n' +
        `index ${blobName('alpha\nbeta\n')}..${blobName('alpha\nBETA\n')}\n` +
        '--- a/old.txt\n+++ b/old.txt\n@@ -1,2 +1,2 @@\n alpha\n-beta\n+BETA\n',
    );
  });

  it('shows a move as one file under two names', () => {
    expect(recorded(move('/project/a.txt', '/project/sub/b.txt', 'x\ny\n', 'x\nz\n'))).toBe(
      `diff --git a/a.txt b/sub/b.txt\nindex ${blobName('x\ny\n')}..${blobName('x\nz\n')}\n` +
        '--- a/a.txt\n+++ b/sub/b.txt\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n',
    );
  });

  it('shows a file outside the root by its whole path', () => {
    expect(recorded([edit('/tmp/a', undefined, 'x\n')])).toContain('diff --git a//tmp/a b//tmp/a\n');
    expect(recorded([edit('/workshop/a', undefined, 'x\n')])).toContain('b//workshop/a\n');
  });

  it('shows the sum of several patches', () => {
    const path = '/project/a';
    const sum = recorded([edit(path, '1\n', '2\n')], [edit(path, '2\n', '3\n')]);
    expect(sum).toBe(recorded([edit(path, '1\n', '3\n')]));
  });

  it('shows nothing of a file that is as it was', () => {
    expect(recorded([edit('/project/a', '1\n', '2\n')], [edit('/project/a', '2\n', '1\n')])).toBe('');
    expect(recorded([edit('/project/a', undefined, '2\n')], [edit('/project/a', '2\n', undefined)])).toBe('');
    expect(
      recorded(
        move('/project/a', '/project/b', '1\n', '1\n'),
        move('/project/b', '/project/a', '1\n', '1\n'),
      ),
    ).toBe('');
  });

  it('follows a file through several moves', () => {
    const twice = recorded(
      move('/project/a', '/project/b', '1\n', '2\n'),
      move('/project/b', '/project/c', '2\n', '3\n'),
    );
    expect(twice).toBe(recorded(move('/project/a', '/project/c', '1\n', '3\n')));
  });

  it('shows a moved file that was deleted then as deleted where it came from', () => {
    const diff = recorded(move('/project/a', '/project/b', '1\n', '1\n'), [
      edit('/project/b', '1\n', undefined),
    ]);
    expect(diff).toBe(recorded([edit('/project/a', '1\n', undefined)]));
  });

  it('does not take a file for moved when there is a new one in its place', () => {
    const diff = recorded(move('/project/a', '/project/b', '1\n', '1\n'), [
      edit('/project/a', undefined, '2\n'),
    ]);
    expect(diff).toBe(recorded([edit('/project/a', '1\n', '2\n'), edit('/project/b', undefined, '1\n')]));
  });

  it('shows a pure rename without hunks', () => {
    const name = blobName('1\n');
    expect(recorded(move('/project/a', '/project/b', '1\n', '1\n'))).toBe(
      `diff --git a/a b/b\nindex ${name}..${name}\n`,
    );
  });

  it('names files that are not text as binary', () => {
    const diff = newDiff();
    diff.record([{ ...edit('/project/a', undefined, undefined), before: Uint8Array.of(0xff) }]);
    expect(diff.render()).toContain('Binary files a/a and /dev/null differ\n');
  });

  it('leaves out files that do not fit, and says so', () => {
    const large = 'x'.repeat(LIMITS.turnDiffBytes / 2);
    const diff = recorded([
      edit('/project/a', undefined, large),
      edit('/project/b', undefined, large),
      edit('/project/c', undefined, 'x'),
    ]);
    expect(diff.match(/^diff --git .*$/gm)).toEqual(['diff --git a/a b/a']);
    expect(diff).toMatch(/\n# The diff is cut here: it has more than \d+ bytes\.\n$/);
  });

  it('remembers no more than its bound over a long turn', () => {
    const diff = newDiff();
    const content = new Uint8Array(8 * 1024 * 1024).fill(0x61);
    for (let round = 0; round < 12; round += 1) {
      diff.record([
        { path: '/project/a', realPath: '/project/a', before: content, after: content.subarray(round + 1) },
      ]);
    }
    // Contents that were replaced count no longer, so the file still is text.
    expect(diff.render()).not.toContain('Binary');
  });
});

function blobName(text: string): string {
  return createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
}
