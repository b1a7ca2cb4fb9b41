import { ChannelError } from './errors.js';

/** What stands behind a permit: the slots of one queue. Each permit calls one of the two, once. */
export interface PermitSlots<T> {
  /** Appends the event; `closed` when the consumer has left. */
  commit(event: T): 'sent' | 'closed';
  /** Frees the slot. */
  giveBack(): void;
}

/**
 * The right to put one event into a queue later, without waiting and without loss.
 *
 * The slot is free again when the consumer has read the event, or on release.
 */
export class Permit<T> {
  readonly #slots: PermitSlots<T>;
  #isSpent = false;

  constructor(slots: PermitSlots<T>) {
    this.#slots = slots;
  }

  get isSpent(): boolean {
    return this.#isSpent;
  }

  /**
   * Appends the event; `closed` when the consumer has left.
   *
   * @throws {ChannelError} `PERMIT_SPENT` when it was sent or released before.
   */
  send(event: T): 'sent' | 'closed' {
    if (this.#isSpent) throw new ChannelError('PERMIT_SPENT', 'a permit sends one event');
    this.#isSpent = true;
    return this.#slots.commit(event);
  }

  /** Gives the slot back unused. Does nothing once the permit is spent. */
  release(): void {
    if (this.#isSpent) return;
    this.#isSpent = true;
    this.#slots.giveBack();
  }
}
