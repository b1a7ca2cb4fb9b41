import {
  type DeliveryClass,
  EventQueue,
  type EventQueueOptions,
  type EventQueueStats,
  Lagged,
  type OfferResult,
  type Received,
  Resynced,
} from '@millrace/channel';

export class GapCountIsOffByOne<T, S> extends EventQueue<T, S> {
  override tryReceive(): Received<T, S> | undefined {
    const received = super.tryReceive();
    if (!(received instanceof Lagged) || received.skipped < 2) return received;
    return new Lagged(received.skipped - 1, received.byKind, received.groups, received.isComplete);
  }
}

export class MarkerStandsOneTooLate<T, S> extends EventQueue<T, S> {
  #held: Received<T, S> | undefined;

  override tryReceive(): Received<T, S> | undefined {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return held;
    const received = super.tryReceive();
    if (!(received instanceof Lagged)) return received;
    const next = super.tryReceive();
    if (next === undefined) return received;
    this.#held = received;
    return next;
  }
}

export class StateComesBeforeItsMarker<T, S> extends EventQueue<T, S> {
  #marker: Received<T, S> | undefined;

  override tryReceive(): Received<T, S> | undefined {
    const held = this.#marker;
    this.#marker = undefined;
    const received = held ?? super.tryReceive();
    if (held !== undefined || !(received instanceof Lagged)) return received;
    const next = super.tryReceive();
    if (!(next instanceof Resynced)) return received;
    this.#marker = received;
    return next;
  }
}

export class SkippedIsNotCounted<T, S> extends EventQueue<T, S> {
  override skip(event: T): 'skipped' | 'closed' {
    return this.state === 'open' ? 'skipped' : super.skip(event);
  }
}

export class BehindIsForgottenAtOnce<T, S> extends EventQueue<T, S> {
  override skip(event: T): 'skipped' | 'closed' {
    const result = super.skip(event);
    if (result === 'skipped') super.tryReceive();
    return result;
  }
}

export class StaleSnapshot<T, S> extends EventQueue<T, S> {
  readonly #groupOf: (event: T) => string | undefined;
  readonly #made: Map<string, S>;
  readonly #make: ((group: string, first: T) => S) | undefined;

  constructor(options: EventQueueOptions<T, S>) {
    const made = new Map<string, S>();
    const { snapshot } = options;
    const stale = (group: string, first: T): S => {
      const known = made.get(group);
      made.delete(group);
      return known ?? (snapshot as (group: string, first: T) => S)(group, first);
    };
    super({ ...options, snapshot: stale });
    this.#groupOf = options.profile.groupOf;
    this.#made = made;
    this.#make = snapshot;
  }

  override skip(event: T): 'skipped' | 'closed' {
    const group = this.#groupOf(event);
    if (group !== undefined && this.#make !== undefined && !this.#made.has(group)) {
      this.#made.set(group, this.#make(group, event));
    }
    return super.skip(event);
  }
}

/** A newer state takes the place of the queued one instead of going to the end. */
export class LatestIsReplacedInPlace<T, S> extends EventQueue<T, S> {
  readonly #latestKeyOf: (event: T) => string;
  readonly #newest = new Map<string, T>();
  readonly #stood = new Map<T, string>();
  #replaced = 0;

  constructor(options: EventQueueOptions<T, S>) {
    super(options);
    this.#latestKeyOf = options.profile.latestKeyOf;
  }

  override offer(event: T, delivery: DeliveryClass): OfferResult {
    if (delivery !== 'latest' || this.state !== 'open') return super.offer(event, delivery);
    const key = this.#latestKeyOf(event);
    if (this.#newest.has(key)) {
      this.#newest.set(key, event);
      this.#replaced += 1;
      return 'replaced';
    }
    const result = super.offer(event, delivery);
    if (result === 'sent') {
      this.#newest.set(key, event);
      this.#stood.set(event, key);
    }
    return result;
  }

  override tryReceive(): Received<T, S> | undefined {
    const received = super.tryReceive();
    const key = this.#stood.get(received as T);
    if (key === undefined) return received;
    const newest = this.#newest.get(key);
    this.#stood.delete(received as T);
    this.#newest.delete(key);
    return newest ?? received;
  }

  override get stats(): EventQueueStats {
    const stats = super.stats;
    return { ...stats, emitted: stats.emitted + this.#replaced, replaced: stats.replaced + this.#replaced };
  }
}

export class CloseDropsWhatIsQueued<T, S> extends EventQueue<T, S> {
  override close(): void {
    super.close();
    while (this.size > 0) super.tryReceive();
  }
}

export class BytesAreNotGivenBack<T, S> extends EventQueue<T, S> {
  #peak = 0;

  override get bytes(): number {
    this.#peak = Math.max(this.#peak, super.bytes);
    return this.#peak;
  }
}

export class RoomIsSignalledOnlyOnce<T, S> extends EventQueue<T, S> {
  #isSpent = false;

  override whenRoom(signal?: AbortSignal): Promise<void> {
    const isFirst = !this.#isSpent;
    this.#isSpent = true;
    if (isFirst || signal === undefined) return super.whenRoom(signal);
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }
}

export class RoomIsSignalledTooEarly<T, S> extends EventQueue<T, S> {
  override async whenRoom(): Promise<void> {}
}
