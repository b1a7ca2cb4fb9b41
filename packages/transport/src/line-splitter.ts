import { StringDecoder } from 'node:string_decoder';
import { LIMITS } from '@millrace/protocol';
import type { Incoming } from './message-transport.js';

/**
 * Cuts a stream of bytes into lines. `\n` and `\r\n` end a line; a rest without an end is a line when the stream ends.
 *
 * Memory: at most `limitBytes` of an unfinished line. A line that grows past that is dropped up to its end and reported once,
 * with its beginning.
 */
export class LineSplitter {
  readonly #limitBytes: number;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #isDropping = false;

  /** @param limitBytes Largest line, counted in UTF-16 code units of its text, which is at most its bytes in UTF-8. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(bytes: Buffer): Incoming[] {
    return this.#split(this.#decoder.write(bytes));
  }

  /** The last line, where the stream ended without a line end. */
  end(): Incoming[] {
    const lines = this.#split(this.#decoder.end());
    if (this.#rest !== '' && !this.#isDropping) lines.push({ type: 'message', text: this.#rest });
    this.#rest = '';
    return lines;
  }

  #split(text: string): Incoming[] {
    const lines: Incoming[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#finish(text.slice(start, end), lines);
      start = end + 1;
    }
    this.#keep(text.slice(start), lines);
    return lines;
  }

  #finish(tail: string, lines: Incoming[]): void {
    this.#keep(tail, lines);
    const line = this.#rest;
    const wasDropped = this.#isDropping;
    this.#rest = '';
    this.#isDropping = false;
    if (!wasDropped) lines.push({ type: 'message', text: line.endsWith('\r') ? line.slice(0, -1) : line });
  }

  #keep(text: string, lines: Incoming[]): void {
    if (this.#isDropping) return;
    if (this.#rest.length + text.length <= this.#limitBytes) {
      this.#rest += text;
      return;
    }
    const head = (this.#rest + text).slice(0, LIMITS.messageHeadChars);
    this.#rest = '';
    this.#isDropping = true;
    lines.push({ type: 'tooLong', limitBytes: this.#limitBytes, head });
  }
}
