/** Lines `start` up to but not including `start + deleteCount` become `insert`. */
export interface LineEdit {
  /** Index of a line, from 0 to the number of lines. */
  readonly start: number;
  readonly deleteCount: number;
  /** Without line ends. */
  readonly insert: readonly string[];
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The text of a file as lines, each with its own line end, so that lines which no edit touches keep their exact bytes.
 */
export class FileText {
  /** Without line ends and without a byte order mark. */
  readonly lines: readonly string[];
  readonly #ends: readonly string[];
  readonly #mark: string;

  private constructor(text: string) {
    this.#mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    const lines: string[] = [];
    const ends: string[] = [];
    for (let start = this.#mark.length; start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const stop = newline === -1 ? text.length : newline;
      const isCrlf = newline !== -1 && text.charAt(stop - 1) === '\r' && stop > start;
      lines.push(text.slice(start, isCrlf ? stop - 1 : stop));
      ends.push(newline === -1 ? '' : isCrlf ? '\r\n' : '\n');
      start = stop + 1;
    }
    this.lines = lines;
    this.#ends = ends;
  }

  /** Undefined when the bytes are not UTF-8. */
  static decode(bytes: Uint8Array): FileText | undefined {
    try {
      return new FileText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch {
      return undefined;
    }
  }

  /**
   * The bytes after the edits, which must be in order and must not overlap.
   *
   * New lines end like the first line of the file, with `\n` when it has none. A last line that is new has no newline when
   * the old last line had none.
   *
   * @throws {RangeError} for edits that overlap, are out of order, or lie outside the file.
   */
  edited(edits: readonly LineEdit[]): Uint8Array {
    const newLineEnd = this.#ends[0] === '\r\n' ? '\r\n' : '\n';
    const pieces: { readonly line: string; readonly end: string | undefined }[] = [];
    let position = 0;
    const keepUpTo = (stop: number) => {
      for (; position < stop; position += 1) {
        pieces.push({ line: this.lines[position] ?? '', end: this.#ends[position] });
      }
    };
    for (const { start, deleteCount, insert } of edits) {
      if (start < position || start + deleteCount > this.lines.length) throw new RangeError('edits overlap');
      keepUpTo(start);
      position = start + deleteCount;
      for (const line of insert) pieces.push({ line, end: undefined });
    }
    keepUpTo(this.lines.length);

    const last = pieces.at(-1);
    const endsOpen = this.#ends.at(-1) === '';
    const text = pieces.map((piece) => {
      const end = piece === last && endsOpen ? (piece.end ?? '') : piece.end || newLineEnd;
      return piece.line + end;
    });
    return new TextEncoder().encode(this.#mark + text.join(''));
  }
}
