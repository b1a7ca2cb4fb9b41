import type { Writable } from 'node:stream';
import { LIMITS } from '@millrace/protocol';

/**
 * Lines for whoever runs the server, on standard error.
 *
 * Memory: lines are left out while more than `logBytes` wait to be written, and their number is told with the next one that is not.
 */
export class ErrorLog {
  readonly #output: Writable;
  readonly #prefix: string;
  #leftOut = 0;

  constructor(output: Writable, prefix: string) {
    this.#output = output;
    this.#prefix = prefix;
  }

  line(text: string): void {
    if (this.#output.writableLength > LIMITS.logBytes) {
      this.#leftOut += 1;
      return;
    }
    if (this.#leftOut > 0) this.#output.write(`${this.#prefix}${this.#leftOut} lines left out\n`);
    this.#leftOut = 0;
    this.#output.write(`${this.#prefix}${text}\n`);
  }
}
