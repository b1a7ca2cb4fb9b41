/** Deltas that are kept apart before they become one piece. */
const DELTAS_PER_PIECE = 256;

/**
 * A text that grows by many small deltas, in time and memory proportional to its length.
 *
 * Appending every delta to one string would keep a node for each of them until the string is read, and joining the whole text
 * again and again would copy it each time.
 */
export class GrowingText {
  #whole = '';
  readonly #deltas: string[] = [];

  append(delta: string): void {
    this.#deltas.push(delta);
    if (this.#deltas.length === DELTAS_PER_PIECE) this.#join();
  }

  toString(): string {
    this.#join();
    return this.#whole;
  }

  clear(): void {
    this.#whole = '';
    this.#deltas.length = 0;
  }

  #join(): void {
    this.#whole += this.#deltas.join('');
    this.#deltas.length = 0;
  }
}
