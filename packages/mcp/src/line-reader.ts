/** Cuts bytes into lines. Holds at most one line of the given size. */
export class LineReader {
  readonly #limitBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The lines that these bytes complete, without their ends. @throws {Error} for a line over the limit. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Uint8Array): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#limitBytes) throw new Error(`a message is larger than ${this.#limitBytes} bytes`);
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): string {
    const text = new TextDecoder().decode(Buffer.concat(this.#parts));
    this.#parts = [];
    this.#bytes = 0;
    return text;
  }
}
