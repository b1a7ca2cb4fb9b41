import type { Clock } from './clock.js';

/** How a race against a deadline ended. */
export type RaceResult<V> = { readonly type: 'done'; readonly value: V } | { readonly type: 'expired' };

/** The reason of a deadline's signal. */
export class DeadlineExpired extends Error {
  override readonly name = 'DeadlineExpired';

  constructor() {
    super('the deadline has expired');
  }
}

/** A moment by which something has to be over. One object is passed down, so that no step gets more than is left. */
export class Deadline {
  readonly #clock: Clock;
  readonly #atMs: number;
  #controller: AbortController | undefined;
  #cancelTimer: (() => void) | undefined;

  private constructor(clock: Clock, atMs: number) {
    this.#clock = clock;
    this.#atMs = atMs;
  }

  /** @param delayMs Milliseconds from now; 0 and less have expired at once. */
  static after(clock: Clock, delayMs: number): Deadline {
    return new Deadline(clock, clock.monotonic() + delayMs);
  }

  /** Milliseconds; 0 once expired. */
  get remainingMs(): number {
    return Math.max(0, this.#atMs - this.#clock.monotonic());
  }

  get expired(): boolean {
    return this.remainingMs === 0;
  }

  /** Aborted at the deadline with {@link DeadlineExpired}. Made when first asked for; {@link release} frees its timer. */
  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    const expire = (): void => controller.abort(new DeadlineExpired());
    if (this.expired) expire();
    else this.#cancelTimer = this.#clock.schedule(this.remainingMs, expire);
    return controller.signal;
  }

  /** Frees the timer of the signal, which then is not aborted any more. For when the work was over in time. */
  release(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /**
   * Waits for the promise, but not longer than the deadline. Rejects when the promise rejects in time; later outcomes are
   * ignored. A promise that is settled already wins against a deadline that has expired. Leaves no timer.
   */
  race<V>(promise: Promise<V>): Promise<RaceResult<V>> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(this.remainingMs, () => resolve({ type: 'expired' }));
      promise.then(
        (value) => {
          cancel();
          resolve({ type: 'done', value });
        },
        (error: unknown) => {
          cancel();
          reject(error);
        },
      );
    });
  }
}
