import { LIMITS } from '@millrace/protocol';
import { createParser } from 'eventsource-parser';

/**
 * Takes the `data` of server-sent events out of a stream of bytes, cut anywhere: inside a character, a line, a line ending.
 *
 * Comments, ids and event names are skipped; the data names its type itself. An event without its closing blank line is not
 * given out. Memory: one unfinished event, at most `LIMITS.sseLineBytes` characters.
 */
export class SseDecoder {
  readonly #decoder = new TextDecoder('utf-8');
  readonly #parser;
  #finished: string[] = [];
  #isOverfull = false;

  constructor(eventCharactersMax: number = LIMITS.sseLineBytes) {
    this.#parser = createParser({
      maxBufferSize: eventCharactersMax,
      onEvent: (event) => {
        this.#finished.push(event.data);
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') this.#isOverfull = true;
      },
    });
  }

  /** True once an event was larger than allowed. Then nothing more is decoded. */
  get isOverfull(): boolean {
    return this.#isOverfull;
  }

  /** The data of the events that end in this chunk, in order. */
  decode(chunk: Uint8Array): readonly string[] {
    if (this.#isOverfull) return [];
    this.#parser.feed(this.#decoder.decode(chunk, { stream: true }));
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }
}
