/**
 * Waits for promises of code that may not heed its abort signal: a hung model or store must not hold up an interrupt.
 *
 * One listener for many waits, until {@link release}. Cancel safety: after the abort every wait rejects with the signal's reason;
 * what it waited for goes on by itself and its outcome, good or bad, is dropped.
 */
export class Interruptible {
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.#onAbort = () => this.#reject?.(signal.reason);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** One wait at a time. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      promise.then(resolve, reject);
      if (this.#signal.aborted) reject(this.#signal.reason);
    });
  }

  /** Lets go of the signal, which may outlive this. */
  release(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

/** Waits for one promise like {@link Interruptible.wait}. */
export async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const interruptible = new Interruptible(signal);
  try {
    return await interruptible.wait(promise);
  } finally {
    interruptible.release();
  }
}
