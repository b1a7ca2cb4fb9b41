/**
 * Turns a byte stream into text, chunk by chunk, as UTF-8.
 *
 * A character that is split between chunks is held back (at most 3 bytes) and comes with the chunk that completes it. Bytes that
 * are not UTF-8 become U+FFFD. A byte order mark is kept. The concatenation of everything returned does not depend on how the
 * bytes were cut.
 */
export class Utf8Decoder {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** The text that is complete with this chunk; empty when there is none. */
  write(chunk: Uint8Array): string {
    return this.#decoder.decode(chunk, { stream: true });
  }

  /** What is left of a character that never was completed, as U+FFFD; else empty. The decoder can be used again. */
  end(): string {
    return this.#decoder.decode();
  }
}
