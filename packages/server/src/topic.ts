import type { Clock } from '@millrace/channel';
import type { Connection } from './connection.js';

/** A thread as the router sees it: who listens, and the number of its last event. */
export class Topic {
  readonly subscribers = new Set<Connection>();
  /** The number of the last event. */
  sequence = 0;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #expected = 0;
  #unheardSinceMs: number;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#unheardSinceMs = clock.monotonic();
  }

  /** True while somebody listens, or is about to. */
  get isHeard(): boolean {
    return this.subscribers.size > 0 || this.#expected > 0;
  }

  /** True while somebody is about to listen. */
  get isExpected(): boolean {
    return this.#expected > 0;
  }

  /** Since when nobody listens, in milliseconds of the monotonic clock; undefined while somebody does. */
  get unheardSinceMs(): number | undefined {
    return this.isHeard ? undefined : this.#unheardSinceMs;
  }

  /** Returns whether it was subscribed. */
  unsubscribe(connection: Connection): boolean {
    const wasSubscribed = this.subscribers.delete(connection);
    if (wasSubscribed) this.#unheardSinceMs = this.#clock.monotonic();
    return wasSubscribed;
  }

  /** The thread is not loaded any more: nobody listens, and its events are counted anew. Who is about to listen still is. */
  clear(): void {
    this.subscribers.clear();
    this.sequence = 0;
  }

  /** Somebody is about to listen. */
  expect(): void {
    this.#expected += 1;
  }

  /** One of those who were expected has subscribed, or will not. */
  giveUp(): void {
    this.#expected -= 1;
    this.#unheardSinceMs = this.#clock.monotonic();
  }
}
