import type { QueueState } from './channel.js';
import { Consumer, drainInto } from './consumer.js';
import { ChannelError } from './errors.js';
import { EventBacklog } from './event-backlog.js';
import type { DeliveryClass } from './event-profile.js';
import type { EventQueueOptions } from './event-queue-options.js';
import type { EventQueueStats } from './event-queue-stats.js';
import type { Gap } from './gap.js';
import { capacityOf, DEFAULTS } from './limits.js';
import type { Permit } from './permit.js';
import { type Lagged, type Received, Resynced } from './received.js';
import { ReservedSlots } from './reserved-slots.js';
import { RingBuffer } from './ring-buffer.js';
import { RoomSignal } from './room-signal.js';

/**
 * What became of an offered event. `full` and `closed` mean that nothing was done and nothing was counted; `full` is
 * answered to lossless events only.
 */
export type OfferResult = 'sent' | 'merged' | 'replaced' | 'skipped' | 'full' | 'closed';

/**
 * A bounded queue of events from many producers to one consumer, in one order.
 *
 * No producer is ever made to wait inside a call. What a full queue does is decided by the event's {@link DeliveryClass}.
 * What is missing is told exactly where it is missing: the consumer reads {@link Lagged} there, then one {@link Resynced}
 * for each group that fell behind, then live events. While a group is behind, only its reserved events enter.
 *
 * Order: events are read in the order in which they were offered, but that a merged event stands where the first of its
 * parts stood, and a `latest` event that was replaced where its successor was offered.
 *
 * Memory: `capacity` events of `maxBytes`, `latestCapacity` events of `latestBytes`, `reservedCapacity` events,
 * `maxGroupsBehind` groups with one event each, and at most one gap for each queued event and one at the tail.
 */
export class EventQueue<T, S = never> {
  readonly #backlog: EventBacklog<T>;
  readonly #slots: ReservedSlots<T>;
  readonly #room: RoomSignal;
  readonly #consumer: Consumer<Received<T, S>>;
  readonly #snapshot: EventQueueOptions<T, S>['snapshot'];
  /** What is left to read of a gap: the states of its groups. */
  readonly #markers = new RingBuffer<Resynced<S>>();
  readonly #counts = { delivered: 0, merged: 0, replaced: 0, skipped: 0, discarded: 0 };
  #state: QueueState = 'open';
  /** True from a `full` answer until the consumer has read an event. */
  #isFull = false;
  #isReadingGap = false;
  #lagged = 0;

  constructor(options: EventQueueOptions<T, S>) {
    const reservedCapacity = capacityOf(options.reservedCapacity);
    const maxWaiting = capacityOf(options.maxWaiting ?? DEFAULTS.maxWaiting);
    this.#backlog = new EventBacklog(options, reservedCapacity);
    this.#slots = new ReservedSlots<T>(reservedCapacity, maxWaiting, {
      commit: (event) => this.#addReserved(event),
      onRelease: () => this.#endIfDrained(),
    });
    this.#room = new RoomSignal(() => !this.#isFull, maxWaiting);
    this.#consumer = new Consumer(this);
    this.#snapshot = options.snapshot;
  }

  get state(): QueueState {
    return this.#state;
  }

  /** True once the queue is closed, drained and no permit is out, or the consumer has left. */
  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** Events queued. */
  get size(): number {
    return this.#backlog.size;
  }

  /** Bytes of the events queued. */
  get bytes(): number {
    return this.#backlog.bytes;
  }

  /** Permits that are out, and reserved events that were not read yet. */
  get slotsTaken(): number {
    return this.#slots.taken;
  }

  /** True while lossless and best-effort events take less than half of their count and bytes. */
  get isBelowHalf(): boolean {
    return this.#backlog.isBelowHalf;
  }

  get stats(): EventQueueStats {
    const { size: queued, bytes, slotsTaken } = this;
    const { delivered, merged, replaced, skipped, discarded } = this.#counts;
    const emitted = delivered + merged + replaced + skipped + discarded + queued;
    return { emitted, ...this.#counts, queued, bytes, slotsTaken, lagged: this.#lagged };
  }

  /** Whether events of this group are skipped until the consumer has read a gap. */
  isBehind(group: string): boolean {
    return this.#backlog.isGroupBehind(group);
  }

  /**
   * Puts an event in as its class says. Never waits.
   *
   * After `full` the caller waits by {@link whenRoom} and offers again, or gives up by {@link skip}.
   *
   * @throws {ChannelError} `UNDEFINED_MESSAGE`.
   */
  offer(event: T, delivery: DeliveryClass): OfferResult {
    if (event === undefined)
      throw new ChannelError('UNDEFINED_MESSAGE', 'undefined stands for "nothing there"');
    if (this.#state !== 'open') return 'closed';
    if (delivery === 'lossless' || delivery === 'bestEffort') return this.#offerCounted(event, delivery);
    if (delivery === 'latest') return this.#offerLatest(event);
    if (this.#slots.free < 1) return this.skip(event);
    this.#slots.occupy();
    return this.#addReserved(event);
  }

  /** Gives an event up: it is counted where it would have stood, and its group falls behind from here. */
  skip(event: T): 'skipped' | 'closed' {
    if (this.#state !== 'open') return 'closed';
    this.#backlog.skip(event);
    return this.#countSkipped();
  }

  /** Takes a slot for one later event. Refuse the work when this says `full`. */
  tryReserve(): Permit<T> | 'full' | 'closed' {
    const permits = this.tryReserveMany(1);
    return typeof permits === 'string' ? permits : (permits[0] as Permit<T>);
  }

  /** Takes `count` slots, or none. */
  tryReserveMany(count: number): readonly Permit<T>[] | 'full' | 'closed' {
    return this.#state === 'open' ? this.#slots.tryReserve(count) : 'closed';
  }

  /**
   * Resolves when it is worth offering again: at once unless the last lossless offer was answered `full`, else when the
   * consumer has read an event since, or the queue is closed. Somebody else may be faster, so it is a hint.
   *
   * Order: first come, first woken. Cancel safety: an abort rejects with the signal's reason and leaves no trace.
   *
   * @throws {ChannelError} `TOO_MANY_WAITING` (as a rejection).
   */
  whenRoom(signal?: AbortSignal): Promise<void> {
    return this.#room.wait(1, signal);
  }

  /**
   * Resolves when `count` slots are free, or the queue is closed; otherwise like {@link whenRoom}.
   *
   * @throws {ChannelError} `TOO_MANY_WAITING`, `INVALID_LIMIT` where there are not so many slots (as rejections).
   */
  whenSlots(count: number, signal?: AbortSignal): Promise<void> {
    return this.#slots.wait(count, signal);
  }

  /** Takes the next event or marker; `undefined` when there is none now. */
  tryReceive(): Received<T, S> | undefined {
    const received = this.#markers.shift() ?? this.#readGap() ?? this.#readEvent();
    if (this.#state === 'closing') this.#endIfDrained();
    return received;
  }

  /** Takes up to `max` events and markers that are there now. */
  tryReceiveBatch(max: number): Received<T, S>[] {
    const batch: Received<T, S>[] = [];
    drainInto(this, batch, max);
    return batch;
  }

  /**
   * Waits for the next event or marker; `undefined` once the queue is done.
   *
   * Cancel safety: an abort rejects with the signal's reason and takes nothing.
   *
   * @throws {ChannelError} `CONCURRENT_RECEIVE` (as a rejection) while another receive waits.
   */
  receive(signal?: AbortSignal): Promise<Received<T, S> | undefined> {
    return this.#consumer.receive(signal);
  }

  /** Like {@link receive}, for up to `max` at once; waits only for the first, and is empty once done. */
  receiveBatch(max: number, signal?: AbortSignal): Promise<Received<T, S>[]> {
    return this.#consumer.receiveBatch(max, signal);
  }

  /** Reads to the end. Leaving the loop early takes nothing along and leaves the queue open. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Received<T, S>, undefined> {
    return this.#consumer.iterate();
  }

  /** Takes no more offers. Permits that are out stay good; what is queued can be read, then the queue is done. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#endIfDrained();
    this.#endWaits();
  }

  /** The consumer leaves. Everything held is dropped, permits that are out do nothing any more. Idempotent. */
  dispose(): void {
    this.#state = 'done';
    this.#counts.discarded += this.#backlog.size;
    this.#backlog.clear();
    this.#markers.clear();
    this.#slots.dispose();
    this.#endWaits();
    this.#consumer.wake();
  }

  #offerCounted(event: T, delivery: 'lossless' | 'bestEffort'): OfferResult {
    if (this.#backlog.skipBehind(event)) return this.#countSkipped();
    const result = this.#backlog.addCounted(event, delivery);
    if (result === 'refused') return delivery === 'lossless' ? this.#refuse() : this.#drop(event);
    if (result === 'merged') this.#counts.merged += 1;
    else this.#consumer.wake();
    return result;
  }

  #refuse(): 'full' {
    this.#isFull = true;
    return 'full';
  }

  /** Nobody has to be woken: there are queued events before the one that had no room. */
  #drop(event: T): 'skipped' {
    this.#backlog.drop(event);
    return this.#countSkipped();
  }

  #countSkipped(): 'skipped' {
    this.#counts.skipped += 1;
    this.#consumer.wake();
    return 'skipped';
  }

  #offerLatest(event: T): OfferResult {
    if (this.#backlog.skipBehind(event)) return this.#countSkipped();
    const result = this.#backlog.addLatest(event);
    if (result === 'refused') return this.skip(event);
    if (result === 'replaced') this.#counts.replaced += 1;
    this.#consumer.wake();
    return result;
  }

  #addReserved(event: T): 'sent' {
    this.#backlog.addReserved(event);
    this.#consumer.wake();
    return 'sent';
  }

  #readEvent(): T | undefined {
    const entry = this.#backlog.shift();
    if (entry === undefined) return undefined;
    this.#counts.delivered += 1;
    if (entry.delivery === 'reserved') this.#slots.vacate();
    if (this.#isFull && (entry.delivery === 'lossless' || entry.delivery === 'bestEffort')) this.#openRoom();
    return entry.event;
  }

  #readGap(): Lagged | undefined {
    const gap = this.#backlog.firstGap;
    if (gap === undefined) return undefined;
    for (const marker of this.#takeSnapshots(gap)) this.#markers.push(marker);
    this.#backlog.shiftGap(gap);
    this.#lagged += 1;
    return gap.toLagged();
  }

  #takeSnapshots(gap: Gap<T>): Resynced<S>[] {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return [];
    if (this.#isReadingGap)
      throw new ChannelError('CONCURRENT_RECEIVE', 'a snapshot must not read from its queue');
    this.#isReadingGap = true;
    try {
      return Array.from(gap.behind, ([group, first]) => new Resynced(group, snapshot(group, first)));
    } finally {
      this.#isReadingGap = false;
    }
  }

  /** Looks whether a closing queue is over, and has a waiting consumer look too. */
  #endIfDrained(): void {
    const isDrained = this.#backlog.isEmpty && this.#markers.size === 0 && this.#slots.permitsOut === 0;
    if (this.#state !== 'closing' || !isDrained) return;
    this.#state = 'done';
    this.#consumer.wake();
  }

  #openRoom(): void {
    this.#isFull = false;
    this.#room.notify();
  }

  #endWaits(): void {
    this.#slots.close();
    this.#openRoom();
  }
}
