import type { Clock } from '@millrace/channel';
import type { Connection } from './connection.js';

/** A thread as the router sees it: who listens, and the number of its last event. Exists from the first subscription on. */
export class Topic {
  readonly subscribers = new Set<Connection>();
  /** The number of the last event. */
  sequence = 0;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #lastHeardMs: number;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#lastHeardMs = clock.monotonic();
  }

  /** Since when nobody listens, in milliseconds of the monotonic clock; undefined while somebody does. */
  get unheardSinceMs(): number | undefined {
    return this.subscribers.size > 0 ? undefined : this.#lastHeardMs;
  }

  /** Returns whether it was subscribed. */
  unsubscribe(connection: Connection): boolean {
    const wasSubscribed = this.subscribers.delete(connection);
    if (wasSubscribed) this.#lastHeardMs = this.#clock.monotonic();
    return wasSubscribed;
  }
}
