/**
 * Waits for promises of code that may not heed its abort signal: a hung model or store must not hold up an interrupt.
 *
 * One listener for many waits. Cancel safety: after the abort every wait rejects with the signal's reason; what it waited for goes
 * on by itself and its outcome is dropped.
 */
export class Interruptible {
  readonly #signal: AbortSignal;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#reject?.(signal.reason), { once: true });
  }

  /** One wait at a time. */
  wait<T>(promise: Promise<T>): Promise<T> {
    if (this.#signal.aborted) return Promise.reject(this.#signal.reason);
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      promise.then(resolve, reject);
    });
  }
}
