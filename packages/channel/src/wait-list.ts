import { ChannelError } from './errors.js';

interface Waiter<V, R> {
  readonly value: V;
  readonly settle: (result: R) => void;
  previous: Waiter<V, R> | undefined;
  next: Waiter<V, R> | undefined;
}

/**
 * Those who wait for the same thing, first come first served.
 *
 * Memory: at most `limit` waiters. Joining, leaving and being served cost the same however many wait.
 */
export class WaitList<V, R> {
  readonly #limit: number;
  readonly #onAbort: () => void;
  #first: Waiter<V, R> | undefined;
  #last: Waiter<V, R> | undefined;
  #size = 0;

  /** @param onAbort Called after a waiter has left, for the one behind it may have become servable. */
  constructor(limit: number, onAbort: () => void) {
    this.#limit = limit;
    this.#onAbort = onAbort;
  }

  get size(): number {
    return this.#size;
  }

  /** What the longest waiting one brought along. Only meaningful while `size` is above 0. */
  get first(): V | undefined {
    return this.#first?.value;
  }

  /**
   * Joins the end of the list.
   *
   * Cancel safety: an abort rejects with the signal's reason, in the same tick, and leaves no trace.
   *
   * @throws {ChannelError} `TOO_MANY_WAITING` (as a rejection).
   */
  wait(value: V, signal?: AbortSignal): Promise<R> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      if (this.#size === this.#limit) {
        return reject(new ChannelError('TOO_MANY_WAITING', `${this.#limit} wait already`));
      }
      const leave = (): void => {
        this.#unlink(waiter);
        reject(signal?.reason);
        this.#onAbort();
      };
      const settle = (result: R): void => {
        signal?.removeEventListener('abort', leave);
        resolve(result);
      };
      const waiter: Waiter<V, R> = { value, settle, previous: this.#last, next: undefined };
      if (this.#last === undefined) this.#first = waiter;
      else this.#last.next = waiter;
      this.#last = waiter;
      this.#size += 1;
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Serves the longest waiting one; does nothing when none waits. */
  settleFirst(result: R): void {
    const waiter = this.#first;
    if (waiter === undefined) return;
    this.#unlink(waiter);
    waiter.settle(result);
  }

  #unlink(waiter: Waiter<V, R>): void {
    if (waiter.previous === undefined) this.#first = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === undefined) this.#last = waiter.previous;
    else waiter.next.previous = waiter.previous;
    this.#size -= 1;
  }
}
