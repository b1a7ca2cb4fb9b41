import type { Clock } from '@millrace/core/ports';

/** The time that a server has for one thing, and what else ends it. */
export class ServerDeadline {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #others: readonly AbortSignal[];
  readonly #isPaused: () => boolean;
  readonly #controller = new AbortController();
  #isOver = false;

  /** @param isPaused While it says so when the time is up, the time starts again. */
  constructor(
    clock: Clock,
    timeoutMs: number,
    others: readonly AbortSignal[],
    isPaused: () => boolean = () => false,
  ) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#others = others;
    this.#isPaused = isPaused;
  }

  /** Aborted when the time is up, or when one of the other signals is. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when the time was up. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Runs the work, but not longer: then it rejects with the signal's reason, and what the work comes to is dropped. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this;
    let cancelTimer = (): void => {};
    const arm = (): void => {
      cancelTimer = this.#clock.schedule(this.#timeoutMs, () => {
        if (this.#isPaused()) return arm();
        this.#isOver = true;
        this.#controller.abort(new Error('timed out'));
      });
    };
    arm();
    const listeners = this.#others.map((other) => {
      const onAbort = (): void => this.#controller.abort(other.reason);
      if (other.aborted) onAbort();
      other.addEventListener('abort', onAbort, { once: true });
      return () => other.removeEventListener('abort', onAbort);
    });
    try {
      return await new Promise<T>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        work().then(resolve, reject);
      });
    } finally {
      cancelTimer();
      for (const stop of listeners) stop();
    }
  }
}
