import type { Clock } from '@millrace/channel';

export interface ByteBudgetOptions {
  readonly clock: Clock;
  /** Bytes that wait now. */
  readonly bytes: () => number;
  readonly maxBytes: number;
  /** Milliseconds for which more may wait, at least 1. */
  readonly graceMs: number;
}

/**
 * The bytes that may wait for one peer, and for how long there may be more.
 *
 * Queues bound what they hold by themselves; this is for what must not be refused, ends and answers, and for a peer that takes none of
 * it. A peer that is slow but within its budget is never given up.
 */
export class ByteBudget {
  readonly #options: ByteBudgetOptions;
  #overSinceMs: number | undefined;

  constructor(options: ByteBudgetOptions) {
    this.#options = options;
  }

  /**
   * Waits for a write to the peer; `'exceeded'` when more waited for a whole grace, which is noticed before a second one is over.
   * Rejects when the write does.
   */
  guard(writing: Promise<void>): Promise<'written' | 'exceeded'> {
    const { clock, graceMs } = this.#options;
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (this.#isExceeded()) resolve('exceeded');
        else cancel = clock.schedule(graceMs, check);
      };
      let cancel = clock.schedule(graceMs, check);
      writing.then(
        () => {
          cancel();
          if (!this.#isOver) this.#overSinceMs = undefined;
          resolve('written');
        },
        (error: unknown) => {
          cancel();
          reject(error);
        },
      );
    });
  }

  get #isOver(): boolean {
    return this.#options.bytes() > this.#options.maxBytes;
  }

  #isExceeded(): boolean {
    const nowMs = this.#options.clock.monotonic();
    this.#overSinceMs = this.#isOver ? (this.#overSinceMs ?? nowMs) : undefined;
    return this.#overSinceMs !== undefined && nowMs - this.#overSinceMs >= this.#options.graceMs;
  }
}
