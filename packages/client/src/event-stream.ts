import type { ClientEvent } from './client-event.js';
import type { EventSource } from './link.js';

/**
 * Reads a view as an async iterable. It drains what is there and waits only when nothing is.
 *
 * Order: events of one thread come in the order in which the thread made them; between threads there is none. Leaving the loop pauses
 * the view and loses nothing that its bounds can hold.
 */
export class EventStream implements AsyncIterableIterator<ClientEvent, undefined> {
  readonly #source: EventSource;
  readonly #onEnd: () => void;
  /** Made for the first wait; ends it when the reader leaves meanwhile. */
  #leave: AbortController | undefined;
  #isOver = false;

  constructor(source: EventSource, onEnd: () => void) {
    this.#source = source;
    this.#onEnd = onEnd;
    source.open();
  }

  next(): Promise<IteratorResult<ClientEvent, undefined>> {
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    const value = this.#source.tryReceive();
    return value === undefined ? this.#nextLater() : Promise.resolve({ done: false, value });
  }

  return(): Promise<IteratorResult<ClientEvent, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #nextLater(): Promise<IteratorResult<ClientEvent, undefined>> {
    this.#leave ??= new AbortController();
    try {
      const value = await this.#source.receive(this.#leave.signal);
      if (value !== undefined) return { done: false, value };
    } catch (error) {
      if (!this.#isOver) throw error;
    }
    this.#end();
    return { done: true, value: undefined };
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leave?.abort();
    this.#source.pause();
    this.#onEnd();
  }
}
