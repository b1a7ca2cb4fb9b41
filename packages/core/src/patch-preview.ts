import type { FileUpdateChange } from '@millrace/protocol';
import { LIMITS } from '@millrace/protocol';
import { GrowingText } from './growing-text.js';

const ADD = '*** Add File: ';
const DELETE = '*** Delete File: ';
const UPDATE = '*** Update File: ';
const MOVE = '*** Move to: ';
const END_OF_FILE = '*** End of File';

/**
 * A patch while the model writes it: what its whole lines say so far. It promises nothing; the patch itself is read and checked
 * when it is complete.
 *
 * Memory: the text of the patch, up to `LIMITS.patchBytes` characters; what comes after that is not shown.
 */
export class PatchPreview {
  readonly #text = new GrowingText();
  #length = 0;
  #shown = '';

  append(delta: string): void {
    if (this.#length + delta.length > LIMITS.patchBytes) return;
    this.#length += delta.length;
    this.#text.append(delta);
  }

  /** The files so far, ordered by path; undefined while that is what the last call returned. */
  changes(): FileUpdateChange[] | undefined {
    const text = this.#text.toString();
    const changes = readChanges(text.slice(0, text.lastIndexOf('\n') + 1));
    const shown = JSON.stringify(changes);
    if (changes.length === 0 || shown === this.#shown) return undefined;
    this.#shown = shown;
    return changes;
  }
}

/** The operations in whole lines. Takes time in proportion to the text. Lines that fit nowhere are left out. */
function readChanges(text: string): FileUpdateChange[] {
  const files: FileLines[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const begun = beginFile(line);
    if (begun !== undefined) files.push(begun);
    else files.at(-1)?.take(line);
  }
  const changes = files.flatMap((file) => file.change() ?? []);
  return changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

interface FileLines {
  take(line: string): void;
  /** Undefined while nothing of the file is known but its name, and that says too little. */
  change(): FileUpdateChange | undefined;
}

function beginFile(line: string): FileLines | undefined {
  if (line.startsWith(ADD)) return new AddedLines(line.slice(ADD.length));
  if (line.startsWith(UPDATE)) return new UpdatedLines(line.slice(UPDATE.length));
  if (!line.startsWith(DELETE)) return undefined;
  const path = line.slice(DELETE.length);
  return { take: () => {}, change: () => ({ path, kind: { type: 'delete' }, diff: '' }) };
}

class AddedLines implements FileLines {
  readonly #path: string;
  readonly #lines: string[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  take(line: string): void {
    if (line.startsWith('+')) this.#lines.push(`${line.slice(1)}\n`);
  }

  change(): FileUpdateChange {
    return { path: this.#path, kind: { type: 'add' }, diff: this.#lines.join('') };
  }
}

/** Each hunk as the reference server shows it meanwhile: its header, all its old lines, all its new ones. */
class UpdatedLines implements FileLines {
  readonly #path: string;
  readonly #diff: string[] = [];
  #movePath: string | null = null;
  #old: string[] = [];
  #new: string[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  take(line: string): void {
    if (line.startsWith(MOVE)) this.#movePath = line.slice(MOVE.length);
    else if (line.startsWith('@@')) this.#endHunk(`${line}\n`);
    else if (line === END_OF_FILE) this.#endHunk(`${line}\n`);
    else if (line.startsWith('+')) this.#new.push(`${line}\n`);
    else if (line.startsWith('-')) this.#old.push(`${line}\n`);
    else if (line === '' || line.startsWith(' ')) {
      this.#old.push(`-${line.slice(1)}\n`);
      this.#new.push(`+${line.slice(1)}\n`);
    }
  }

  change(): FileUpdateChange | undefined {
    const diff = [...this.#diff, ...this.#old, ...this.#new].join('');
    if (diff === '' && this.#movePath === null) return undefined;
    return { path: this.#path, kind: { type: 'update', move_path: this.#movePath }, diff };
  }

  #endHunk(next: string): void {
    this.#diff.push(...this.#old, ...this.#new, next);
    this.#old = [];
    this.#new = [];
  }
}
