import { capacityOf } from './limits.js';

interface Pending<V> {
  readonly id: number;
  readonly resolve: (value: V) => void;
  readonly reject: (error: unknown) => void;
}

/** A request that waits for its answer. */
export interface OpenRequest<V> {
  /** A whole number from 0, unique in the life of the table. */
  readonly id: number;
  readonly promise: Promise<V>;
}

/** Counts since the start: opened = settled + those that are pending. */
export interface PendingRequestsStats {
  readonly opened: number;
  readonly settled: number;
  /** Answers that found nobody waiting: late, double or never asked for. */
  readonly unmatched: number;
}

/**
 * Requests that wait for an answer, by id. Each is settled exactly once.
 *
 * An id names a slot and how often the slot was used, so a late answer never meets a newer request.
 *
 * Memory: at most `capacity` requests, and one word for each slot that was ever used.
 */
export class PendingRequests<V> {
  readonly capacity: number;
  readonly #pending: (Pending<V> | undefined)[] = [];
  /** The id that each slot gives next. */
  readonly #nextIds: number[] = [];
  readonly #freeSlots: number[] = [];
  #size = 0;
  #isClosed = false;
  #opened = 0;
  #unmatched = 0;

  constructor(options: { readonly capacity: number }) {
    this.capacity = capacityOf(options.capacity);
  }

  /** Requests that wait now. */
  get size(): number {
    return this.#size;
  }

  get stats(): PendingRequestsStats {
    return { opened: this.#opened, settled: this.#opened - this.#size, unmatched: this.#unmatched };
  }

  /** Registers a request; do this before it is sent. `full` and `closed` mean that nothing was done. */
  open(): OpenRequest<V> | 'full' | 'closed' {
    if (this.#isClosed) return 'closed';
    if (this.#size === this.capacity) return 'full';
    const slot = this.#freeSlots.pop() ?? this.#addSlot();
    const id = this.#nextIds[slot] ?? slot;
    this.#nextIds[slot] = id + this.capacity;
    this.#size += 1;
    this.#opened += 1;
    const promise = new Promise<V>((resolve, reject) => {
      this.#pending[slot] = { id, resolve, reject };
    });
    return { id, promise };
  }

  /** Answers a request. False, and counted, when nobody waits for this id (any more). */
  settle(id: number, value: V): boolean {
    const pending = this.#take(id);
    pending?.resolve(value);
    return pending !== undefined;
  }

  /** Answers a request by a rejection; otherwise like {@link settle}. */
  fail(id: number, error: unknown): boolean {
    const pending = this.#take(id);
    pending?.reject(error);
    return pending !== undefined;
  }

  /** Rejects every request that waits, in the order of their slots, and opens no more. Idempotent. */
  failAll(error: unknown): void {
    this.#isClosed = true;
    for (const pending of this.#pending) {
      if (pending !== undefined) this.fail(pending.id, error);
    }
  }

  #addSlot(): number {
    const slot = this.#pending.length;
    this.#pending.push(undefined);
    this.#nextIds.push(slot);
    return slot;
  }

  #take(id: number): Pending<V> | undefined {
    const slot = id % this.capacity;
    const pending = this.#pending[slot];
    if (pending === undefined || pending.id !== id) {
      this.#unmatched += 1;
      return undefined;
    }
    this.#pending[slot] = undefined;
    this.#freeSlots.push(slot);
    this.#size -= 1;
    return pending;
  }
}
