import type { Clock } from '@millrace/channel';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  readonly #startMs: number;
  #elapsedMs = 0;
  #nextOrder = 0;
  readonly #timers = new Set<Timer>();

  /** @param startMs Unix time in milliseconds at the start. */
  constructor(startMs = 1_700_000_000_000) {
    this.#startMs = startMs;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#elapsedMs + Math.max(0, delayMs), order: this.#nextOrder, callback };
    this.#nextOrder += 1;
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /**
   * Lets so much time pass and runs what becomes due, the earliest first and in order of scheduling where equal. Also
   * runs what these schedule, when it becomes due within the same span. Does not wait for promises.
   */
  advance(byMs: number): void {
    const untilMs = this.#elapsedMs + byMs;
    for (let timer = this.#nextDue(untilMs); timer !== undefined; timer = this.#nextDue(untilMs)) {
      this.#timers.delete(timer);
      this.#elapsedMs = timer.atMs;
      timer.callback();
    }
    this.#elapsedMs = untilMs;
  }

  #nextDue(untilMs: number): Timer | undefined {
    let due: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs > untilMs) continue;
      if (due === undefined || timer.atMs < due.atMs || (timer.atMs === due.atMs && timer.order < due.order))
        due = timer;
    }
    return due;
  }
}
