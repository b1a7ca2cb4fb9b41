import { LIMITS } from '@millrace/protocol';
import { pathFromRoot } from './absolute-path.js';
import type { FileEdit } from './patch-plan.js';
import { unifiedDiff } from './unified-diff.js';

/** Bytes of contents that one turn's diff remembers, old and new together. */
const MAX_REMEMBERED_BYTES = 64 * 1024 * 1024;
/** Files that one turn's diff can name. */
const MAX_FILES = 10_000;
/** The name that git gives to a blob that is not there. */
const NO_BLOB = '0'.repeat(40);
const MODE = '100644';

export interface TurnDiffOptions {
  /** Absolute directory that paths are shown from: the root of the repository, or the working directory. */
  readonly root: string;
  /** SHA-1 of bytes as lower-case hex. */
  readonly sha1: (bytes: Uint8Array) => string;
}

/** A state of a file; undefined when there is no file. */
type Content = Blob | undefined;

interface Blob {
  /** As git names it. */
  readonly name: string;
  /** Undefined when the content is not UTF-8 text, or was not remembered for its size. */
  readonly text: string | undefined;
  /** Bytes counted against the memory bound. */
  readonly heldBytes: number;
}

/**
 * What one turn did to files, as one diff in git's form from the state before the turn to the state now.
 *
 * Knows only what it is told of: files that commands change are not in it. A file that is back to its old content is not shown.
 * Contents that are not text, or that exceed the memory bound (64 MiB for the turn), are named as binary files. The diff has at
 * most `LIMITS.turnDiffBytes`: files that do not fit are left out, and a last line says so. From the 10,001st file of a turn on,
 * files are left out.
 */
export class TurnDiff {
  readonly #root: string;
  readonly #sha1: TurnDiffOptions['sha1'];
  readonly #before = new Map<string, Content>();
  readonly #now = new Map<string, Content>();
  /** Where a file that the turn moved came from, by where it is now. */
  readonly #origins = new Map<string, string>();
  #bytesLeft = MAX_REMEMBERED_BYTES;
  #rendered: string | undefined = '';

  constructor({ root, sha1 }: TurnDiffOptions) {
    this.#root = root;
    this.#sha1 = sha1;
  }

  /** Takes in the edits of a patch that was applied. */
  record(edits: readonly FileEdit[]): void {
    this.#rendered = undefined;
    const moved: (readonly [target: string, origin: string])[] = [];
    for (const edit of edits) {
      if (!this.#before.has(edit.path)) {
        if (this.#before.size === MAX_FILES) continue;
        this.#before.set(edit.path, this.#remember(edit.before));
      }
      this.#bytesLeft += this.#now.get(edit.path)?.heldBytes ?? 0;
      this.#now.set(edit.path, this.#remember(edit.after));
      const { movedFrom } = edit;
      if (movedFrom !== undefined) moved.push([edit.path, this.#origins.get(movedFrom) ?? movedFrom]);
      this.#forgetOrigin(edit);
    }
    for (const [target, origin] of moved) if (target !== origin) this.#origins.set(target, origin);
  }

  /** The diff, files sorted by path; empty when nothing is different. The same string until something is recorded. */
  render(): string {
    this.#rendered ??= this.#renderFiles();
    return this.#rendered;
  }

  #renderFiles(): string {
    const origins = new Map([...this.#origins].filter(([target, origin]) => this.#isMove(target, origin)));
    const leftBehind = new Set(origins.values());
    const files = [...this.#now.keys()]
      .filter((path) => !leftBehind.has(path))
      .map((path) => ({ path, from: origins.get(path) ?? path }))
      .sort((a, b) => (a.from < b.from ? -1 : 1));
    const rendered: string[] = [];
    let bytesLeft: number = LIMITS.turnDiffBytes;
    for (const { path, from } of files) {
      const text = this.#renderFile(from, path);
      bytesLeft -= new TextEncoder().encode(text).length;
      if (text !== '') rendered.push(text);
      if (bytesLeft < 0) break;
    }
    if (bytesLeft >= 0) return rendered.join('');
    return `${rendered.slice(0, -1).join('')}# The diff is cut here: it has more than ${LIMITS.turnDiffBytes} bytes.\n`;
  }

  /** A file that is removed has moved from nowhere, and one that is written has moved nowhere. */
  #forgetOrigin({ path, after }: FileEdit): void {
    if (after === undefined) this.#origins.delete(path);
    else for (const [target, origin] of this.#origins) if (origin === path) this.#origins.delete(target);
  }

  /** Only a file that is gone from where it was, and was not where it is now, has moved. */
  #isMove(target: string, origin: string): boolean {
    return (
      this.#before.get(origin) !== undefined &&
      this.#now.get(origin) === undefined &&
      this.#before.get(target) === undefined &&
      this.#now.get(target) !== undefined
    );
  }

  #renderFile(from: string, to: string): string {
    const before = this.#before.get(from);
    const now = this.#now.get(to);
    if (from === to && before?.name === now?.name) return '';
    const left = `a/${pathFromRoot(this.#root, from)}`;
    const right = `b/${pathFromRoot(this.#root, to)}`;
    const mode =
      before === undefined
        ? `new file mode ${MODE}\n`
        : now === undefined
          ? `deleted file mode ${MODE}\n`
          : '';
    const header = `diff --git ${left} ${right}\n${mode}index ${before?.name ?? NO_BLOB}..${now?.name ?? NO_BLOB}\n`;
    const oldName = before === undefined ? '/dev/null' : left;
    const newName = now === undefined ? '/dev/null' : right;
    const oldText = before === undefined ? '' : before.text;
    const newText = now === undefined ? '' : now.text;
    if (oldText === undefined || newText === undefined)
      return `${header}Binary files ${oldName} and ${newName} differ\n`;
    const hunks = unifiedDiff(oldText, newText);
    return hunks === '' ? header : `${header}--- ${oldName}\n+++ ${newName}\n${hunks}`;
  }

  #remember(bytes: Uint8Array | undefined): Content {
    if (bytes === undefined) return undefined;
    const isKept = bytes.length <= this.#bytesLeft;
    if (isKept) this.#bytesLeft -= bytes.length;
    const text = isKept ? decode(bytes) : undefined;
    return { name: this.#blobName(bytes), text, heldBytes: isKept ? bytes.length : 0 };
  }

  #blobName(bytes: Uint8Array): string {
    const header = new TextEncoder().encode(`blob ${bytes.length}\0`);
    const blob = new Uint8Array(header.length + bytes.length);
    blob.set(header);
    blob.set(bytes, header.length);
    return this.#sha1(blob);
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
