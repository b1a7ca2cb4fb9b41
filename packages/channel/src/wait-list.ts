import { ChannelError } from './errors.js';

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
      const waiter = new Waiter(value, resolve, reject, signal, this);
      waiter.previous = this.#last;
      if (this.#last === undefined) this.#first = waiter;
      else this.#last.next = waiter;
      this.#last = waiter;
      this.#size += 1;
      signal?.addEventListener('abort', waiter);
    });
  }

  /** Serves the longest waiting one; does nothing when none waits. */
  settleFirst(result: R): void {
    const waiter = this.#first;
    if (waiter === undefined) return;
    this.#unlink(waiter);
    waiter.signal?.removeEventListener('abort', waiter);
    waiter.resolve(result);
  }

  /** Lets go a waiter whose signal was aborted. */
  leave(waiter: Waiter<V, R>): void {
    this.#unlink(waiter);
    waiter.signal?.removeEventListener('abort', waiter);
    waiter.reject(waiter.signal?.reason);
    this.#onAbort();
  }

  #unlink(waiter: Waiter<V, R>): void {
    if (waiter.previous === undefined) this.#first = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === undefined) this.#last = waiter.previous;
    else waiter.next.previous = waiter.previous;
    this.#size -= 1;
  }
}

/** One who waits. It is the listener of its own signal, which spares two closures for each wait. */
class Waiter<V, R> {
  readonly value: V;
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly #list: WaitList<V, R>;
  previous: Waiter<V, R> | undefined = undefined;
  next: Waiter<V, R> | undefined = undefined;

  constructor(
    value: V,
    resolve: (result: R) => void,
    reject: (reason: unknown) => void,
    signal: AbortSignal | undefined,
    list: WaitList<V, R>,
  ) {
    this.value = value;
    this.resolve = resolve;
    this.reject = reject;
    this.signal = signal;
    this.#list = list;
  }

  handleEvent(): void {
    this.#list.leave(this);
  }
}
