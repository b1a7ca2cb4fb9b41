import { ChannelError } from './errors.js';
import { Permit, type PermitSlots } from './permit.js';
import { RoomSignal } from './room-signal.js';

/** What a queue does for the permits that it has given out. */
export interface PermitTarget<T> {
  /** Appends the event of a permit; `closed` when the consumer has left. */
  commit(event: T): 'sent' | 'closed';
  /** Called after a permit was given back unused. */
  onRelease(): void;
}

/** The slots of one queue: taken by a permit that is out, or by a reserved event that was not read yet. */
export class ReservedSlots<T> implements PermitSlots<T> {
  readonly capacity: number;
  readonly #signal: RoomSignal;
  readonly #target: PermitTarget<T>;
  #permitsOut = 0;
  #unread = 0;
  #isClosed = false;
  #isDisposed = false;

  constructor(capacity: number, maxWaiting: number, target: PermitTarget<T>) {
    this.capacity = capacity;
    this.#target = target;
    this.#signal = new RoomSignal((count) => this.#isClosed || this.free >= count, maxWaiting);
  }

  /** Permits that were neither sent nor released. */
  get permitsOut(): number {
    return this.#permitsOut;
  }

  /** Permits that are out, and reserved events that were not read yet. */
  get taken(): number {
    return this.#permitsOut + this.#unread;
  }

  get free(): number {
    return this.capacity - this.taken;
  }

  /** Takes `count` slots, or none. */
  tryReserve(count: number): readonly Permit<T>[] | 'full' {
    if (this.free < count) return 'full';
    this.#permitsOut += count;
    return Array.from({ length: count }, () => new Permit<T>(this));
  }

  /** Resolves once `count` slots are free, or the slots are closed. */
  wait(count: number, signal?: AbortSignal): Promise<void> {
    if (count > this.capacity) {
      return Promise.reject(
        new ChannelError('INVALID_LIMIT', `${count} of ${this.capacity} slots are never free`),
      );
    }
    return this.#signal.wait(count, signal);
  }

  /** A reserved event was appended. */
  occupy(): void {
    this.#unread += 1;
  }

  /** The consumer has read a reserved event. */
  vacate(): void {
    this.#unread -= 1;
    this.#signal.notify();
  }

  /** Part of {@link Permit}: spends one that is out. */
  commit(event: T): 'sent' | 'closed' {
    if (this.#isDisposed) return 'closed';
    this.#permitsOut -= 1;
    this.#unread += 1;
    return this.#target.commit(event);
  }

  /** Part of {@link Permit}: takes one back that is out. */
  giveBack(): void {
    if (this.#isDisposed) return;
    this.#permitsOut -= 1;
    this.#signal.notify();
    this.#target.onRelease();
  }

  /** Nobody waits any more; permits that are out stay good. */
  close(): void {
    this.#isClosed = true;
    this.#signal.notify();
  }

  /** Permits that are out do nothing any more, and every slot is free. */
  dispose(): void {
    this.#isDisposed = true;
    this.#permitsOut = 0;
    this.#unread = 0;
    this.close();
  }
}
