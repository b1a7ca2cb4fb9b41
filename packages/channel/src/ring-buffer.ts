const FIRST_SLOTS = 8;

/**
 * A first-in first-out buffer that grows by doubling and never shrinks.
 *
 * The caller holds the bound: the buffer takes whatever is pushed. It keeps no reference to what was shifted out.
 */
export class RingBuffer<T> {
  #slots: (T | undefined)[] = new Array<T | undefined>(FIRST_SLOTS).fill(undefined);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: T): void {
    if (this.#size === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#size) & (this.#slots.length - 1)] = value;
    this.#size += 1;
  }

  /** The oldest value, taken out; `undefined` when there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#size -= 1;
    return value;
  }

  clear(): void {
    this.#slots = new Array<T | undefined>(FIRST_SLOTS).fill(undefined);
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const { length } = this.#slots;
    const grown = new Array<T | undefined>(length * 2).fill(undefined);
    for (let i = 0; i < length; i += 1) grown[i] = this.#slots[(this.#head + i) & (length - 1)];
    this.#slots = grown;
    this.#head = 0;
  }
}
