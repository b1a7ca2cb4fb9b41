import { LIMITS } from '@millrace/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absolutePath, parentDirectory } from './absolute-path.js';
import { type ApplyResult, applyPlan } from './patch-apply.js';
import { parsePatch } from './patch-grammar.js';
import { type PatchFailure, type PlannedPatch, planPatch } from './patch-plan.js';
import type { FileSystem } from './ports.js';

type Kind = 'file' | 'directory' | 'other' | undefined;
type Operation = 'readFile' | 'writeFile' | 'makeDirectory' | 'remove' | 'kindOf' | 'resolvePath';

/** Files in memory under `/workspace`, with symbolic links, and with failures on demand. */
class MemoryFiles implements FileSystem {
  readonly files = new Map<string, Uint8Array>();
  readonly directories = new Set(['/', '/workspace']);
  readonly links = new Map<string, string>();
  /** Throws to make an operation fail. */
  onOperation: (operation: Operation, path: string) => void = () => {};

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(files)) {
      const absolute = absolutePath('/workspace', path);
      this.directories.add(parentDirectory(absolute));
      this.files.set(absolute, new TextEncoder().encode(text));
    }
  }

  /** All files as text, by their paths from `/workspace`. */
  texts(): Record<string, string> {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const named = [...this.files].map(
      ([path, bytes]) => [path.replace('/workspace/', ''), decoder.decode(bytes)] as const,
    );
    return Object.fromEntries(named.sort());
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.onOperation('readFile', path);
    const bytes = this.files.get(this.#follow(path));
    if (bytes === undefined) throw new Error(`ENOENT: ${path}`);
    return bytes.slice();
  }

  async writeFile(path: string, bytes: Uint8Array): Promise<void> {
    this.onOperation('writeFile', path);
    if (!this.directories.has(parentDirectory(path))) throw new Error(`ENOENT: ${path}`);
    this.files.set(path, bytes.slice());
  }

  async makeDirectory(path: string): Promise<void> {
    this.onOperation('makeDirectory', path);
    if (!this.directories.has(parentDirectory(path))) throw new Error(`ENOENT: ${path}`);
    this.directories.add(path);
  }

  async remove(path: string): Promise<void> {
    this.onOperation('remove', path);
    if (!this.files.delete(path)) throw new Error(`ENOENT: ${path}`);
  }

  async kindOf(path: string): Promise<Kind> {
    this.onOperation('kindOf', path);
    const real = this.#follow(path);
    if (real === '/workspace/socket') return 'other';
    if (this.files.has(real)) return 'file';
    return this.directories.has(real) ? 'directory' : undefined;
  }

  async resolvePath(path: string): Promise<string> {
    this.onOperation('resolvePath', path);
    return this.#follow(path);
  }

  #follow(path: string): string {
    for (const [link, target] of this.links) {
      if (path === link || path.startsWith(`${link}/`)) return target + path.slice(link.length);
    }
    return path;
  }
}

const wrap = (...lines: string[]) => ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n');

async function plan(files: FileSystem, ...lines: string[]): Promise<PlannedPatch | PatchFailure> {
  const parsed = parsePatch(wrap(...lines));
  if (parsed.type !== 'patch') throw new Error(parsed.message);
  return planPatch(parsed, { cwd: '/workspace', fileSystem: files });
}

async function planned(files: FileSystem, ...lines: string[]): Promise<PlannedPatch> {
  const result = await plan(files, ...lines);
  if (result.type !== 'planned') throw new Error(result.message);
  return result;
}

const applied = async (files: FileSystem, ...lines: string[]): Promise<ApplyResult> =>
  applyPlan(await planned(files, ...lines), files);

const EXAMPLE = [
  '*** Add File: new.txt',
  '+line one',
  '+line two',
  '*** Update File: old.txt',
  '@@',
  ' alpha',
  '-beta',
  '+BETA',
  ' gamma',
  '*** Delete File: gone.txt',
];
const exampleFiles = () => new MemoryFiles({ 'old.txt': 'alpha\nbeta\ngamma\n', 'gone.txt': 'bye\n' });

describe('planPatch', () => {
  it('describes the changes as a client is shown them, sorted by path, and writes nothing', async () => {
    const files = exampleFiles();
    files.onOperation = (operation) => {
      if (operation === 'writeFile' || operation === 'remove' || operation === 'makeDirectory')
        throw new Error(operation);
    };
    expect((await planned(files, ...EXAMPLE)).changes).toEqual([
      { path: '/workspace/gone.txt', kind: { type: 'delete' }, diff: 'bye\n' },
      { path: '/workspace/new.txt', kind: { type: 'add' }, diff: 'line one\nline two\n' },
      {
        path: '/workspace/old.txt',
        kind: { type: 'update', move_path: null },
        diff: '@@ -1,3 +1,3 @@\n alpha\n-beta\n+BETA\n gamma\n',
      },
    ]);
  });

  it('describes a move as an update of the old path', async () => {
    const files = new MemoryFiles({ 'old.txt': 'alpha\nBETA\ngamma\n' });
    const plan = await planned(
      files,
      '*** Update File: old.txt',
      '*** Move to: moved/renamed.txt',
      '@@',
      '-BETA',
      '+beta2',
    );
    expect(plan.changes).toEqual([
      {
        path: '/workspace/old.txt',
        kind: { type: 'update', move_path: '/workspace/moved/renamed.txt' },
        diff: '@@ -1,3 +1,3 @@\n alpha\n-BETA\n+beta2\n gamma\n\n\nMoved to: /workspace/moved/renamed.txt',
      },
    ]);
    expect(plan.touchedPaths).toEqual(['/workspace/moved/renamed.txt', '/workspace/old.txt']);
  });

  it('names the files that are really touched, whatever the patch calls them', async () => {
    const files = new MemoryFiles({ '/etc/hosts': 'a\n' });
    files.links.set('/workspace/link', '/etc');
    const plan = await planned(files, '*** Update File: link/hosts', '-a', '+b', '*** Add File: ../tmp/./x');
    expect(plan.touchedPaths).toEqual(['/etc/hosts', '/tmp/x']);
    expect(plan.changes.map((change) => change.path)).toEqual(['/tmp/x', '/workspace/link/hosts']);
  });

  it('lets a new file replace one that is there', async () => {
    const files = new MemoryFiles({ a: 'old\n' });
    const plan = await planned(files, '*** Add File: a', '+new');
    expect(plan.changes).toEqual([{ path: '/workspace/a', kind: { type: 'add' }, diff: 'new\n' }]);
    expect(await applyPlan(plan, files)).toMatchObject({ type: 'applied' });
    expect(files.texts()).toEqual({ a: 'new\n' });
  });

  it('applies several updates of one file one after the other', async () => {
    const files = new MemoryFiles({ a: '1\n2\n' });
    const plan = await planned(
      files,
      '*** Update File: a',
      '-1',
      '+one',
      '*** Update File: ./a',
      '-2',
      '+two',
    );
    expect(plan.changes).toHaveLength(1);
    await applyPlan(plan, files);
    expect(files.texts()).toEqual({ a: 'one\ntwo\n' });
  });

  it.each([
    [
      'an update of a missing file',
      ['*** Update File: missing.txt', '-x', '+y'],
      'missing.txt: there is no such file',
    ],
    [
      'the deletion of a missing file',
      ['*** Delete File: missing.txt'],
      'missing.txt: there is no such file',
    ],
    ['the deletion of a directory', ['*** Delete File: /workspace'], '/workspace: it is not a regular file'],
    ['a new file in place of a socket', ['*** Add File: socket'], 'socket: it is not a regular file'],
    [
      'a hunk that does not match',
      ['*** Update File: a', '-z'],
      'a: hunk 1 of 1: these lines were not found:\nz',
    ],
    ['a file that is not text', ['*** Update File: binary', '-z'], 'binary: it is not UTF-8 text'],
    ['a file that is too large', ['*** Update File: large', '-z'], 'large: it has more than'],
    ['a move onto a file', ['*** Update File: a', '*** Move to: b'], 'a: cannot move it to b, which exists'],
    ['a move onto itself', ['*** Update File: a', '*** Move to: ./a'], 'a: a file cannot be moved to itself'],
    [
      'an operation on a new file',
      ['*** Add File: n', '*** Update File: n', '+x'],
      'n: the patch has another operation',
    ],
    [
      'an operation on a deleted file',
      ['*** Delete File: a', '*** Add File: a'],
      'a: the patch has another operation',
    ],
    [
      'an operation on a moved file',
      ['*** Update File: a', '*** Move to: n', '*** Add File: n'],
      'n: the patch has another',
    ],
    [
      'two names of one file',
      ['*** Update File: a', '+x', '*** Delete File: alias'],
      'alias: the patch has another operation',
    ],
    ['the deletion of a link', ['*** Delete File: alias'], 'alias: it is a symbolic link'],
    ['a move of a link', ['*** Update File: alias', '*** Move to: n'], 'alias: it is a symbolic link'],
  ])('refuses %s, and names the file', async (_what, lines, message) => {
    const files = new MemoryFiles({ a: 'x\n', b: 'y\n' });
    files.files.set('/workspace/binary', Uint8Array.of(0xff));
    files.files.set('/workspace/large', new Uint8Array(LIMITS.patchedFileBytes + 1));
    files.links.set('/workspace/alias', '/workspace/a');
    const result = await plan(files, ...lines);
    expect(result).toEqual({
      type: 'patchFailure',
      message: expect.stringContaining(`apply_patch verification failed: ${message}`),
    });
  });

  it('reports what the file system refuses, and never rejects', async () => {
    const files = exampleFiles();
    files.onOperation = () => {
      throw new Error('EACCES: permission denied');
    };
    expect(await plan(files, ...EXAMPLE)).toEqual({
      type: 'patchFailure',
      message: 'apply_patch verification failed: new.txt: EACCES: permission denied',
    });
  });

  it('refuses more operations than its limit', async () => {
    const lines = Array.from({ length: 1_001 }, (_, index) => `*** Add File: f${index}`);
    expect(await plan(new MemoryFiles(), ...lines)).toMatchObject({ type: 'patchFailure' });
  });
});

describe('applyPlan', () => {
  it('writes, moves and deletes, and tells the model', async () => {
    const files = exampleFiles();
    expect(await applied(files, ...EXAMPLE)).toEqual({
      type: 'applied',
      text: 'Success. Updated the following files:\nA new.txt\nM old.txt\nD gone.txt\n',
    });
    expect(files.texts()).toEqual({ 'new.txt': 'line one\nline two\n', 'old.txt': 'alpha\nBETA\ngamma\n' });

    const moved = await applied(files, '*** Update File: old.txt', '*** Move to: a/b/c.txt', '-BETA');
    expect(moved).toMatchObject({ text: 'Success. Updated the following files:\nM a/b/c.txt\n' });
    expect(files.texts()).toEqual({ 'new.txt': 'line one\nline two\n', 'a/b/c.txt': 'alpha\ngamma\n' });
  });

  it('changes through a link the file that it points to', async () => {
    const files = new MemoryFiles({ a: 'x\n' });
    files.links.set('/workspace/alias', '/workspace/a');
    await applied(files, '*** Update File: alias', '-x', '+y');
    expect(files.texts()).toEqual({ a: 'y\n' });
  });

  it('keeps every byte that the patch does not name', async () => {
    const files = new MemoryFiles({ crlf: '\uFEFFa\r\nb\r\nc', mixed: 'a  \n\tb\r\nc\n' });
    await applied(
      files,
      '*** Update File: crlf',
      ' a',
      '-b',
      '+B',
      '*** Update File: mixed',
      ' a',
      ' b',
      '-c',
      '+C',
    );
    expect(files.texts()).toEqual({ crlf: '\uFEFFa\r\nB\r\nc', mixed: 'a  \n\tb\r\nC\n' });
  });

  it.each([
    ['was changed', (files: MemoryFiles) => files.files.set('/workspace/old.txt', Uint8Array.of(1))],
    ['was deleted', (files: MemoryFiles) => files.files.delete('/workspace/gone.txt')],
    ['has appeared', (files: MemoryFiles) => files.files.set('/workspace/new.txt', Uint8Array.of(1))],
    ['has become a link', (files: MemoryFiles) => files.links.set('/workspace/new.txt', '/etc/new.txt')],
  ])('writes nothing when a file %s since it was verified', async (_what, change) => {
    const files = exampleFiles();
    const plan = await planned(files, ...EXAMPLE);
    change(files);
    const before = files.texts();
    expect(await applyPlan(plan, files)).toMatchObject({
      type: 'failed',
      reason: 'changed',
      notRestored: [],
    });
    expect(files.texts()).toEqual(before);
  });

  const LARGE = [
    ...EXAMPLE,
    '*** Update File: from.txt',
    '*** Move to: deep/er/to.txt',
    '@@',
    '-1',
    '+2',
    '*** Delete File: last.txt',
  ];
  const largeFiles = () =>
    new MemoryFiles({
      'old.txt': 'alpha\nbeta\ngamma\n',
      'gone.txt': 'bye\n',
      'from.txt': '1\n',
      'last.txt': 'z\n',
    });

  it.each([
    false,
    true,
  ])('leaves every file as it was when any operation fails (done before it fails: %s)', async (isDone) => {
    let failures = 0;
    for (let failAt = 0; ; failAt += 1) {
      const files = largeFiles();
      const before = files.texts();
      const plan = await planned(files, ...LARGE);
      let operations = 0;
      files.onOperation = (operation, path) => {
        operations += 1;
        if (operations - 1 !== failAt) return;
        const edit = plan.edits.find((candidate) => candidate.realPath === path);
        if (isDone && operation === 'writeFile' && edit?.after) files.files.set(path, edit.after);
        if (isDone && operation === 'remove') files.files.delete(path);
        throw new Error(`EIO: ${operation} ${path}`);
      };
      const result = await applyPlan(plan, files);
      if (result.type === 'applied') break;
      failures += 1;
      expect(result).toMatchObject({ reason: 'io', notRestored: [], text: expect.stringContaining('EIO') });
      expect(files.texts()).toEqual(before);
    }
    // Each file is checked (kind, content), then written or removed; nothing in between is free of failures.
    expect(failures).toBeGreaterThan(20);
  });

  it('names the files that it could not put back', async () => {
    const files = largeFiles();
    const plan = await planned(files, ...LARGE);
    let isBroken = false;
    files.onOperation = (operation) => {
      if (operation === 'remove') isBroken = true;
      if (isBroken) throw new Error('EIO');
    };
    const result = await applyPlan(plan, files);
    expect(result).toMatchObject({ type: 'failed', reason: 'io' });
    // What became of the first removal cannot be found out either; the later ones were not begun.
    const names = ['deep/er/to.txt', 'gone.txt', 'new.txt', 'old.txt'];
    expect(result.type === 'failed' && [...result.notRestored].sort()).toEqual(
      names.map((name) => `/workspace/${name}`),
    );
    expect(result.text).toContain('/workspace/old.txt');
  });
});

/** The update hunks that turn the old lines into the new ones, with a given amount of context. */
interface LineChange {
  readonly keep: number;
  readonly remove: number;
  readonly add: readonly string[];
}

/** Writes changes as one hunk each, with all lines since the change before as context, and gives the expected lines. */
function writeHunks(lines: readonly string[], changes: readonly LineChange[]) {
  const patch: string[] = [];
  const expected: { readonly text: string; readonly isLastOfFile: boolean }[] = [];
  const keepUpTo = (from: number, to: number) =>
    lines.slice(from, to).map((text, index) => ({ text, isLastOfFile: from + index === lines.length - 1 }));
  let position = 0;
  for (const { keep, remove, add } of changes) {
    const kept = keepUpTo(position, position + keep);
    const removed = lines.slice(position + keep, position + keep + remove);
    position += kept.length + removed.length;
    expected.push(...kept, ...add.map((text) => ({ text, isLastOfFile: true })));
    if (kept.length + removed.length + add.length === 0) continue;
    patch.push('@@', ...kept.map(({ text }) => ` ${text}`));
    patch.push(...removed.map((line) => `-${line}`), ...add.map((line) => `+${line}`));
  }
  expected.push(...keepUpTo(position, lines.length));
  // A line that was not the last has a line end, and keeps it when it becomes the last.
  return {
    patch,
    expected: expected.map(({ text }) => text),
    keepsOpenEnd: expected.at(-1)?.isLastOfFile === true,
  };
}

describe('a patch', () => {
  const change = fc.record({
    keep: fc.integer({ min: 1, max: 4 }),
    remove: fc.integer({ min: 0, max: 3 }),
    add: fc.array(fc.constantFrom('new', '', '*** End Patch', '@@', '+', '-x'), { maxLength: 3 }),
  });
  const end = fc.constantFrom('\n', '\r\n');

  it('makes of any file exactly what its hunks say', async () => {
    const names = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom(...'ab\'"\\@*+- é'), minLength: 1, maxLength: 4 }),
      {
        minLength: 1,
        maxLength: 12,
        selector: (line) => line.trim(),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        end,
        fc.boolean(),
        async (lines, changes, wantedEnd, isOpen) => {
          const eol = lines.length === 1 && isOpen ? '\n' : wantedEnd; // Without a line end, nothing says CRLF.
          const { patch, expected, keepsOpenEnd } = writeHunks(lines, changes);
          fc.pre(lines.every((line) => line.trim() !== '') && expected.length > 0);
          const lastEnd = isOpen ? '' : eol;
          const files = new MemoryFiles({ f: lines.join(eol) + lastEnd });
          expect(await applied(files, '*** Update File: f', ...patch)).toMatchObject({ type: 'applied' });
          const finalEnd = isOpen && keepsOpenEnd ? '' : eol;
          expect(files.texts()).toEqual({ f: expected.join(eol) + finalEnd });
        },
      ),
      { numRuns: 1_000, seed: 20_261_121 },
    );
  });

  it('makes of a file with repeated lines what its hunks say, or nothing at all', async () => {
    const lines = fc.array(fc.constantFrom('a', 'b', ''), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(lines, fc.array(change, { minLength: 1, maxLength: 3 }), async (old, changes) => {
        const { patch, expected } = writeHunks(old, changes);
        const text = `${old.join('\n')}\n`;
        const files = new MemoryFiles({ f: text });
        const result = await plan(files, '*** Update File: f', ...patch);
        if (result.type === 'planned') await applyPlan(result, files);
        const wanted = expected.length === 0 ? '' : `${expected.join('\n')}\n`;
        expect(files.texts().f).toBe(result.type === 'planned' ? wanted : text);
      }),
      { numRuns: 1_000, seed: 20_261_121 },
    );
  });

  it('of a mebibyte applies', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index}`);
    const files = new MemoryFiles({ f: `${lines.join('\n')}\n` });
    const patch = lines.flatMap((line, index) =>
      index % 1_000 === 0 ? ['@@', `-${line}`, `+${'x'.repeat(10_000)}`] : [],
    );
    expect(await applied(files, '*** Update File: f', ...patch)).toMatchObject({ type: 'applied' });
    expect(
      files
        .texts()
        .f?.split('\n')
        .filter((line) => line.startsWith('x')),
    ).toHaveLength(100);
  });
});
