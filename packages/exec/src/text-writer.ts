import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Where text goes: standard output, standard error, or any stream in their place. */
export type TextStream = Writable & { readonly isTTY?: boolean };

/**
 * Writes text and waits while the stream is full, so that a reader who pauses holds up the turn and memory stays bounded.
 *
 * A reader who leaves (a broken pipe) ends nothing: what is written afterwards is dropped. Once `hurry` is aborted nothing waits any
 * more, since somebody wants the run to end.
 */
export class TextWriter {
  readonly isTerminal: boolean;
  readonly #stream: TextStream;
  readonly #hurry: AbortSignal | undefined;

  constructor(stream: TextStream, hurry: AbortSignal | undefined) {
    this.isTerminal = stream.isTTY === true;
    this.#stream = stream;
    this.#hurry = hurry;
    // Without a listener a broken pipe would end the process. It stays, because the error may come after the last write.
    stream.on('error', () => {});
  }

  /** Resolves when there is room for more. Never rejects. */
  async write(text: string): Promise<void> {
    const stream = this.#stream;
    if (!stream.writable || stream.write(text) || this.#hurry?.aborted) return;
    const settled = new AbortController();
    const signal =
      this.#hurry === undefined ? settled.signal : AbortSignal.any([settled.signal, this.#hurry]);
    try {
      await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
    } catch {
      // The stream broke, or somebody is in a hurry: either way there is nothing to wait for.
    } finally {
      settled.abort();
    }
  }
}
