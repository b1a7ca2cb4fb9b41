import { LIMITS } from '@millrace/protocol';

/** One file operation of a patch, with paths as they were written. */
export type PatchOperation =
  | { readonly type: 'add'; readonly path: string; readonly content: string }
  | { readonly type: 'delete'; readonly path: string }
  | {
      readonly type: 'update';
      readonly path: string;
      readonly movePath: string | undefined;
      /** In the order of the file. Empty only for a pure rename. */
      readonly hunks: readonly PatchHunk[];
    };

/** A place in a file and what changes there. */
export interface PatchHunk {
  /** Lines to look for, one after the other, before the hunk: `@@ class A`, `@@ def f():`. */
  readonly anchors: readonly string[];
  readonly lines: readonly HunkLine[];
  /** The hunk's lines are the last of the file. */
  readonly atEndOfFile: boolean;
}

export interface HunkLine {
  readonly type: 'context' | 'remove' | 'add';
  /** Without its prefix and its line end. */
  readonly text: string;
}

export interface ParsedPatch {
  readonly type: 'patch';
  /** At least one. */
  readonly operations: readonly PatchOperation[];
}

/** A text that is no patch, explained to the model that wrote it. */
export interface PatchSyntaxError {
  readonly type: 'syntaxError';
  readonly message: string;
}

const BEGIN = '*** Begin Patch';
const END = '*** End Patch';
const ADD = '*** Add File:';
const DELETE = '*** Delete File:';
const UPDATE = '*** Update File:';
const MOVE = '*** Move to:';
const END_OF_FILE = '*** End of File';
/** Numbers that a unified diff puts after `@@`. They are not relied on: models count lines badly. */
const LINE_NUMBERS = /^@@ -\d+(,\d+)? \+\d+(,\d+)? @@/;
/** `<<'EOF'`, with or without the command before it. */
const HEREDOC = /^(?:apply_?patch\s+)?<<-?\s*(["']?)([A-Za-z_]\w*)\1$/;

/**
 * Reads a patch in the `*** Begin Patch` form.
 *
 * Tolerates what models do: a heredoc around the patch, CRLF line ends, blank lines around it and between sections, a missing
 * newline at the end, an empty line where a space was meant, and line numbers after `@@`. Whatever else does not fit is a
 * syntax error that names the line, and so is a text of more than `LIMITS.patchBytes`. Never throws. Takes time and memory in
 * proportion to the text.
 */
export function parsePatch(text: string): ParsedPatch | PatchSyntaxError {
  if (new TextEncoder().encode(text).length > LIMITS.patchBytes) {
    return {
      type: 'syntaxError',
      message: `invalid patch: it has more than ${LIMITS.patchBytes} bytes; use several`,
    };
  }
  try {
    return { type: 'patch', operations: new PatchReader(patchLines(text)).read() };
  } catch (error) {
    if (error instanceof SyntaxFault) return { type: 'syntaxError', message: error.message };
    throw error;
  }
}

/** Leaves the reader; never leaves this file. */
class SyntaxFault extends Error {}

/** The lines of the patch, without a heredoc around it and blank lines before and after. */
function patchLines(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const isText = (line: string) => line.trim() !== '';
  const start = Math.max(lines.findIndex(isText), 0);
  const end = lines.findLastIndex(isText);
  const delimiter = HEREDOC.exec(lines[start]?.trim() ?? '')?.[2];
  if (delimiter !== undefined && end > start && lines[end]?.trim() === delimiter) {
    return lines.slice(start + 1, end);
  }
  return lines.slice(start, end + 1);
}

class PatchReader {
  readonly #lines: readonly string[];
  #next = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  read(): readonly PatchOperation[] {
    this.#skipBlank();
    if (this.#peek()?.trim() !== BEGIN) throw this.#fault(`a patch starts with the line "${BEGIN}"`);
    this.#next += 1;
    const operations: PatchOperation[] = [];
    for (;;) {
      this.#skipBlank();
      const line = this.#peek()?.trim();
      if (line === undefined) throw this.#fault(`the patch does not end with the line "${END}"`);
      if (line === END) break;
      operations.push(this.#readOperation(line));
    }
    this.#next += 1;
    this.#skipBlank();
    if (this.#peek() !== undefined) throw this.#fault(`there is text after "${END}"`);
    if (operations.length === 0) throw this.#fault('the patch changes no file');
    return operations;
  }

  #readOperation(line: string): PatchOperation {
    if (line.startsWith(ADD)) {
      const path = this.#readPath(ADD);
      return { type: 'add', path, content: this.#readAddedLines() };
    }
    if (line.startsWith(DELETE)) return { type: 'delete', path: this.#readPath(DELETE) };
    if (line.startsWith(UPDATE)) return this.#readUpdate();
    throw this.#fault(
      `expected "${ADD} PATH", "${DELETE} PATH", "${UPDATE} PATH" or "${END}", found ${quote(line)}`,
    );
  }

  #readPath(header: string): string {
    const path = (this.#peek() ?? '').trim().slice(header.length).trim();
    if (path === '') throw this.#fault(`"${header}" needs a path`);
    if (path.includes('\0')) throw this.#fault('a path cannot hold a NUL character');
    this.#next += 1;
    return path;
  }

  #readAddedLines(): string {
    let content = '';
    for (let line = this.#peek(); line?.startsWith('+'); line = this.#peek()) {
      content += `${line.slice(1)}\n`;
      this.#next += 1;
    }
    return content;
  }

  #readUpdate(): PatchOperation {
    const path = this.#readPath(UPDATE);
    this.#skipBlank();
    const movePath = this.#peek()?.trim().startsWith(MOVE) ? this.#readPath(MOVE) : undefined;
    const hunks: PatchHunk[] = [];
    for (;;) {
      this.#skipBlank();
      const line = this.#peek();
      if (line === undefined || (line.startsWith('*** ') && line.trim() !== END_OF_FILE)) break;
      hunks.push(this.#readHunk(hunks.length === 0));
    }
    if (hunks.length === 0 && movePath === undefined)
      throw this.#fault(`the update of ${quote(path)} changes nothing`);
    return { type: 'update', path, movePath, hunks };
  }

  #readHunk(isFirst: boolean): PatchHunk {
    const anchors: string[] = [];
    const first = this.#next;
    for (let line = this.#peek(); line?.startsWith('@@'); line = this.#peek()) {
      const anchor = LINE_NUMBERS.test(line) ? '' : line.slice('@@'.length).replace(/^ /, '');
      if (anchor.trim() !== '') anchors.push(anchor);
      this.#next += 1;
    }
    if (this.#next === first && !isFirst) throw this.#fault('a hunk after the first one starts with "@@"');
    const lines: HunkLine[] = [];
    for (let line = this.#readHunkLine(); line !== undefined; line = this.#readHunkLine()) lines.push(line);
    this.#dropBlankTail(lines);
    const atEndOfFile = this.#peek()?.trim() === END_OF_FILE;
    if (lines.length === 0) throw this.#fault('the hunk has no lines');
    if (atEndOfFile) this.#next += 1;
    return { anchors, lines, atEndOfFile };
  }

  #readHunkLine(): HunkLine | undefined {
    const line = this.#peek();
    if (line === undefined || line.startsWith('@@') || line.startsWith('*** ')) return undefined;
    const type = LINE_TYPES.get(line.charAt(0));
    if (type === undefined)
      throw this.#fault(`a line of a hunk starts with " ", "-" or "+", found ${quote(line)}`);
    this.#next += 1;
    return { type, text: line.slice(1) };
  }

  /** Blank lines without a prefix at the end of a hunk separate it from what follows. */
  #dropBlankTail(lines: HunkLine[]): void {
    for (let back = 1; lines.length > 0 && this.#lines[this.#next - back] === ''; back += 1) lines.pop();
  }

  #skipBlank(): void {
    while (this.#peek()?.trim() === '') this.#next += 1;
  }

  #peek(): string | undefined {
    return this.#lines[this.#next];
  }

  #fault(message: string): SyntaxFault {
    return new SyntaxFault(`invalid patch, line ${Math.min(this.#next, this.#lines.length) + 1}: ${message}`);
  }
}

const LINE_TYPES: ReadonlyMap<string, HunkLine['type']> = new Map([
  [' ', 'context'],
  ['', 'context'],
  ['-', 'remove'],
  ['+', 'add'],
]);

const QUOTED_LENGTH = 120;

function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text);
}
