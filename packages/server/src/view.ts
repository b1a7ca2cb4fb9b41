import {
  type Clock,
  createDeferred,
  type DeliveryClass,
  EventQueue,
  type Lagged,
  type Permit,
  type Resynced,
} from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { serverEventProfile } from './event-profile.js';
import type { ServerEvent } from './server-event.js';
import type { ThreadResync } from './thread-resync.js';

/** What the consumer of a view reads. */
export type ViewEntry = ServerEvent | Lagged | Resynced<ThreadResync>;

export interface ViewOptions {
  readonly clock: Clock;
  /** Events that may wait, at least 1. */
  readonly capacity: number;
  /** Milliseconds that a turn waits for this consumer once it is full. */
  readonly slowConsumerGraceMs: number;
  /** The state of a thread now, for a consumer that fell behind on it. */
  readonly snapshot: (threadId: string, firstSkipped: ServerEvent) => ThreadResync;
  /** Signals, never data. */
  readonly onLag: (event: ServerEvent) => void;
  readonly onMerge: (event: ServerEvent) => void;
}

/** A stall: a consumer that is full, and the turns that wait for it. */
interface Stall {
  /** `'behind'` when the grace is used up; `'room'` when the stall is over for another reason, and it is worth trying again. */
  readonly over: Promise<'room' | 'behind'>;
  readonly end: () => void;
}

/**
 * A bounded queue of events with one consumer: an iterator in process, or a socket's writer.
 *
 * A view that nobody has opened yet never makes a turn wait. An opened one may, for `slowConsumerGraceMs` once per stall; the grace
 * is earned back when the consumer drains below half.
 */
export class View {
  readonly #queue: EventQueue<ServerEvent, ThreadResync>;
  readonly #options: ViewOptions;
  #isOpen = false;
  #isGraceSpent = false;
  #isLagReported = false;
  #stall: Stall | undefined;

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#queue = new EventQueue<ServerEvent, ThreadResync>({
      capacity: options.capacity,
      maxBytes: LIMITS.viewBytes,
      reservedCapacity: LIMITS.reservedSlots,
      latestCapacity: LIMITS.latestKeys,
      mergeBytes: LIMITS.mergeBytes,
      bestEffortBytes: LIMITS.bestEffortBytes,
      profile: serverEventProfile,
      snapshot: options.snapshot,
    });
  }

  // ---- Producers: the router -----------------------------------------------------------------------------------------

  /** Whether a turn should wait when this view is full. */
  get mayHoldUp(): boolean {
    return this.#isOpen && !this.#isGraceSpent && this.#queue.state === 'open';
  }

  /** Takes an event; a lossless one that finds no room is `'full'` and nothing was done. */
  offer(event: ServerEvent, delivery: DeliveryClass): 'taken' | 'full' {
    const result = this.#queue.offer(event, delivery);
    if (result === 'full') return 'full';
    if (result === 'merged') this.#options.onMerge(event);
    else if (result === 'skipped') this.#reportLag(event);
    return 'taken';
  }

  /** Takes an event, or falls behind on its thread. */
  deliver(event: ServerEvent, delivery: DeliveryClass): void {
    if (this.offer(event, delivery) === 'full') this.skip(event);
  }

  /** Counts the event as missing: the consumer falls behind on its thread and will be given its state instead. */
  skip(event: ServerEvent): void {
    this.#queue.skip(event);
    this.#reportLag(event);
  }

  tryReserve(): Permit<ServerEvent> | 'full' | 'closed' {
    return this.#queue.tryReserve();
  }

  /** All `count` slots, or none. */
  tryReserveMany(count: number): readonly Permit<ServerEvent>[] | 'full' | 'closed' {
    return this.#queue.tryReserveMany(count);
  }

  /** Resolves when `count` slots are free, or the view is over. Cancel safe. */
  whenSlots(count: number, signal?: AbortSignal): Promise<void> {
    return this.#queue.whenSlots(count, signal);
  }

  /** Resolves when there is room or the view is over, however long that takes. Costs the consumer no grace. Cancel safe. */
  async whenRoom(signal: AbortSignal): Promise<void> {
    await this.#queue.whenRoom(signal);
  }

  /** See `RoomSignal.wait`: `'behind'` when the grace of this stall is used up. */
  async wait(signal: AbortSignal): Promise<'room' | 'behind'> {
    const abort = new AbortController();
    const onAbort = (): void => abort.abort(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#stall ??= this.#beginStall();
    try {
      const room = this.#queue.whenRoom(abort.signal).then(() => 'room' as const);
      return await Promise.race([room, this.#stall.over]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      abort.abort();
    }
  }

  // ---- The consumer ---------------------------------------------------------------------------------------------------

  /** Somebody reads from now on. */
  open(): void {
    this.#isOpen = true;
  }

  /** The reader pauses: what arrives is still kept within the bounds, but nobody waits for it. */
  pause(): void {
    this.#isOpen = false;
    this.#endStall();
  }

  tryReceive(): ViewEntry | undefined {
    const entry = this.#queue.tryReceive();
    this.#afterReceive();
    return entry;
  }

  /** Waits for the next entry; `undefined` when the view is over. Cancel safe. */
  async receive(signal?: AbortSignal): Promise<ViewEntry | undefined> {
    const entry = await this.#queue.receive(signal);
    this.#afterReceive();
    return entry;
  }

  /** Waits for the next entries, at most `max` of them; empty when the view is over. Cancel safe. */
  async receiveBatch(max: number, signal?: AbortSignal): Promise<ViewEntry[]> {
    const batch = await this.#queue.receiveBatch(max, signal);
    this.#afterReceive();
    return batch;
  }

  /** Entries that wait. */
  get size(): number {
    return this.#queue.size;
  }

  /** Bytes of the entries that wait. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  /** The counters of the queue, for accounting (EV-1, EV-7, EV-8). */
  get stats(): EventQueue<ServerEvent, ThreadResync>['stats'] {
    return this.#queue.stats;
  }

  /** No more in; what is there can be read to the end. */
  close(): void {
    this.#queue.close();
    this.#endStall();
  }

  /** The consumer leaves: everything is dropped. */
  dispose(): void {
    this.#queue.dispose();
    this.#endStall();
  }

  #afterReceive(): void {
    const isStalled = this.#isGraceSpent || this.#isLagReported || this.#stall !== undefined;
    if (!isStalled || !this.#queue.isBelowHalf) return;
    this.#isGraceSpent = false;
    this.#isLagReported = false;
    this.#endStall();
  }

  /** Once a stall: a signal for each of millions of events would help nobody. */
  #reportLag(event: ServerEvent): void {
    if (this.#isLagReported) return;
    this.#isLagReported = true;
    this.#options.onLag(event);
  }

  #beginStall(): Stall {
    const { clock, slowConsumerGraceMs } = this.#options;
    const { promise: over, resolve } = createDeferred<'room' | 'behind'>();
    const cancel = clock.schedule(slowConsumerGraceMs, () => {
      this.#isGraceSpent = true;
      this.#stall = undefined;
      resolve('behind');
    });
    const end = (): void => {
      cancel();
      resolve('room');
    };
    return { over, end };
  }

  /** Every turn that waits looks again: some find room, and the others begin the next stall or go on without this consumer. */
  #endStall(): void {
    this.#stall?.end();
    this.#stall = undefined;
  }
}
