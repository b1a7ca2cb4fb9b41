import { WaitList } from './wait-list.js';

/**
 * Tells those who wait for room that there is some, first come first served.
 *
 * It is a hint and not a claim: who is woken tries again, and somebody may have been faster. Waiters are woken one after
 * the other for as long as there is room, so none sleeps on because the one before it did not use its chance.
 */
export class RoomSignal {
  readonly #hasRoom: (wanted: number) => boolean;
  readonly #waiting: WaitList<number, void>;
  #isNotifying = false;

  /** @param hasRoom Whether it is worth trying for so much now; always true once the queue is closed. */
  constructor(hasRoom: (wanted: number) => boolean, maxWaiting: number) {
    this.#hasRoom = hasRoom;
    this.#waiting = new WaitList(maxWaiting, () => this.notify());
  }

  /** Resolves once there is room for `wanted`; at once when there is some and nobody waits. Cancel safe. */
  wait(wanted: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (this.#waiting.size === 0 && this.#hasRoom(wanted)) return Promise.resolve();
    return this.#waiting.wait(wanted, signal);
  }

  /** Room may have appeared. */
  notify(): void {
    if (this.#isNotifying || this.#waiting.size === 0) return;
    const wanted = this.#waiting.first ?? 0;
    if (!this.#hasRoom(wanted)) return;
    this.#isNotifying = true;
    this.#waiting.settleFirst();
    queueMicrotask(() => {
      this.#isNotifying = false;
      this.notify();
    });
  }
}
