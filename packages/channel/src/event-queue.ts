import type { QueueState } from './channel.js';
import { Consumer, drainInto } from './consumer.js';
import { ChannelError } from './errors.js';
import { EventEntry, EventLine } from './event-line.js';
import type { DeliveryClass, EventProfile } from './event-profile.js';
import type { EventQueueOptions } from './event-queue-options.js';
import type { EventQueueStats } from './event-queue-stats.js';
import { Gap } from './gap.js';
import { GroupsBehind } from './groups-behind.js';
import { Lane } from './lane.js';
import { capacityOf, DEFAULTS } from './limits.js';
import { Permit, type PermitSlots } from './permit.js';
import { type Lagged, type Received, Resynced } from './received.js';
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
 * parts stood, and a `latest` event where the last of its key was offered.
 *
 * Memory: `capacity` events of `maxBytes`, `latestCapacity` events of `latestBytes`, `reservedCapacity` events,
 * `maxGroupsBehind` groups with one event each, and at most one gap for each queued event and one at the tail.
 */
export class EventQueue<T, S = never> {
  readonly capacity: number;
  readonly reservedCapacity: number;
  readonly #options: EventQueueOptions<T, S>;
  readonly #profile: EventProfile<T>;
  readonly #line: EventLine<T>;
  /** Lossless and best-effort events. */
  readonly #counted: Lane;
  readonly #latest: Lane;
  readonly #reserved: Lane;
  readonly #latestByKey = new Map<string, EventEntry<T>>();
  /** Of each stream the last queued event, while nothing of the stream was skipped since. */
  readonly #lastOfStream = new Map<string, EventEntry<T>>();
  readonly #behind: GroupsBehind<T>;
  /** Markers of a gap that is being read. */
  readonly #markers = new RingBuffer<Resynced<S>>();
  readonly #room: RoomSignal;
  readonly #slots: RoomSignal;
  readonly #permitSlots: PermitSlots<T>;
  readonly #consumer: Consumer<Received<T, S>>;
  #state: QueueState = 'open';
  #permitsOut = 0;
  #hasBeenHalfFull = false;
  #drainedBelowHalf = 0;
  #isReadingGap = false;
  #delivered = 0;
  #merged = 0;
  #replaced = 0;
  #skipped = 0;
  #discarded = 0;
  #lagged = 0;

  constructor(options: EventQueueOptions<T, S>) {
    this.#options = options;
    this.#profile = options.profile;
    this.capacity = capacityOf(options.capacity);
    this.reservedCapacity = capacityOf(options.reservedCapacity);
    const maxBytes = capacityOf(options.maxBytes);
    this.#counted = new Lane(this.capacity, maxBytes);
    this.#latest = new Lane(capacityOf(options.latestCapacity), capacityOf(options.latestBytes ?? maxBytes));
    this.#reserved = new Lane(this.reservedCapacity, Number.POSITIVE_INFINITY);
    this.#behind = new GroupsBehind(capacityOf(options.maxGroupsBehind ?? DEFAULTS.maxGroupsBehind));
    this.#line = new EventLine((absorbed, gap) => this.#behind.repoint(absorbed, gap));
    const maxWaiting = capacityOf(options.maxWaiting ?? DEFAULTS.maxWaiting);
    this.#room = new RoomSignal((size) => this.#state !== 'open' || this.#counted.admits(size), maxWaiting);
    this.#slots = new RoomSignal((count) => this.#state !== 'open' || this.slotsFree >= count, maxWaiting);
    this.#permitSlots = { commit: (event) => this.#commit(event), giveBack: () => this.#giveBack() };
    this.#consumer = new Consumer(this);
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
    return this.#line.size;
  }

  /** Bytes of the events queued. */
  get bytes(): number {
    return this.#counted.bytes + this.#latest.bytes + this.#reserved.bytes;
  }

  /** Permits that are out, and reserved events that were not read yet. */
  get slotsTaken(): number {
    return this.#permitsOut + this.#reserved.count;
  }

  get slotsFree(): number {
    return this.reservedCapacity - this.slotsTaken;
  }

  /** True while lossless and best-effort events take less than half of their count and bytes. */
  get isBelowHalf(): boolean {
    return this.#counted.isBelowHalf;
  }

  /**
   * How often those events have drained below half, after half or more. A producer that grants one grace a stall
   * compares it with what it was when the last grace was spent.
   */
  get drainedBelowHalf(): number {
    return this.#drainedBelowHalf;
  }

  get stats(): EventQueueStats {
    const queued = this.size;
    const counts = {
      delivered: this.#delivered,
      merged: this.#merged,
      replaced: this.#replaced,
      skipped: this.#skipped,
      discarded: this.#discarded,
      queued,
    };
    const emitted = Object.values(counts).reduce((sum, count) => sum + count);
    return { emitted, ...counts, bytes: this.bytes, slotsTaken: this.slotsTaken, lagged: this.#lagged };
  }

  /** Whether events of this group are being skipped until the consumer has read the gap. */
  isBehind(group: string): boolean {
    return this.#behind.gapOf(group) !== undefined;
  }

  /**
   * Puts an event in as its class says. Never waits.
   *
   * After `full` the caller waits by {@link whenRoom} and offers again, or gives up by {@link skip}.
   *
   * @throws {ChannelError} `UNDEFINED_MESSAGE`.
   */
  offer(event: T, delivery: DeliveryClass): OfferResult {
    if (event === undefined) throw undefinedEvent();
    if (this.#state !== 'open') return 'closed';
    if (delivery === 'reserved') return this.#offerReserved(event);
    if (!this.#behind.isEmpty) {
      const group = this.#profile.groupOf(event);
      const gap = group === undefined ? undefined : this.#behind.gapOf(group);
      if (gap !== undefined) return this.#countInto(gap, event, group);
    }
    return delivery === 'latest' ? this.#offerLatest(event) : this.#offerCounted(event, delivery);
  }

  /** Gives an event up: it is counted where it would have stood, and its group falls behind from here. */
  skip(event: T): 'skipped' | 'closed' {
    if (this.#state !== 'open') return 'closed';
    const group = this.#profile.groupOf(event);
    if (group === undefined) return this.#countInto(this.#tailGap(), event, group);
    let gap = this.#behind.gapOf(group);
    if (gap === undefined) {
      gap = this.#tailGap();
      this.#behind.add(group, gap, event);
    }
    return this.#countInto(gap, event, group);
  }

  /** Takes a slot for one later event. Refuse the work when this says `full`. */
  tryReserve(): Permit<T> | 'full' | 'closed' {
    if (this.#state !== 'open') return 'closed';
    if (this.slotsFree < 1) return 'full';
    this.#permitsOut += 1;
    return new Permit(this.#permitSlots);
  }

  /** Takes `count` slots, or none. */
  tryReserveMany(count: number): readonly Permit<T>[] | 'full' | 'closed' {
    if (this.#state !== 'open') return 'closed';
    if (this.slotsFree < count) return 'full';
    this.#permitsOut += count;
    return Array.from({ length: count }, () => new Permit(this.#permitSlots));
  }

  /**
   * Resolves once there is room for this lossless event, or the queue is closed. Others may be faster: offer again.
   *
   * Order: first come, first woken. Cancel safety: an abort rejects with the signal's reason and leaves no trace.
   *
   * @throws {ChannelError} `TOO_MANY_WAITING` (as a rejection).
   */
  whenRoom(event: T, signal?: AbortSignal): Promise<void> {
    return this.#room.wait(this.#profile.sizeOf(event), signal);
  }

  /** Resolves once `count` slots are free, or the queue is closed; otherwise like {@link whenRoom}. */
  whenSlots(count: number, signal?: AbortSignal): Promise<void> {
    if (count > this.reservedCapacity) {
      return Promise.reject(
        new ChannelError('INVALID_LIMIT', `${count} of ${this.reservedCapacity} slots are never free`),
      );
    }
    return this.#slots.wait(count, signal);
  }

  /** Takes the next event or marker; `undefined` when there is none now. */
  tryReceive(): Received<T, S> | undefined {
    if (this.#markers.size !== 0) return this.#settled(this.#markers.shift());
    const gap = this.#line.firstGap;
    if (gap !== undefined) return this.#readGap(gap);
    const entry = this.#line.shift();
    if (entry === undefined) return undefined;
    this.#delivered += 1;
    this.#free(entry);
    return this.#settled(entry.event);
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
    this.#settle();
    this.#room.notify();
    this.#slots.notify();
    this.#consumer.wake();
  }

  /** The consumer leaves. Everything held is dropped, permits that are out do nothing any more. Idempotent. */
  dispose(): void {
    this.#state = 'done';
    this.#discarded += this.#line.size;
    this.#line.clear();
    this.#latestByKey.clear();
    this.#lastOfStream.clear();
    this.#behind.clear();
    this.#markers.clear();
    for (const lane of [this.#counted, this.#latest, this.#reserved]) lane.clear();
    this.#permitsOut = 0;
    this.#room.notify();
    this.#slots.notify();
    this.#consumer.wake();
  }

  #offerReserved(event: T): OfferResult {
    if (this.slotsFree < 1) return this.skip(event);
    this.#append(event, this.#profile.sizeOf(event), 'reserved', this.#reserved);
    return 'sent';
  }

  #offerLatest(event: T): OfferResult {
    const key = this.#profile.latestKeyOf(event);
    const size = this.#profile.sizeOf(event);
    const queued = this.#latestByKey.get(key);
    if (queued !== undefined) this.#latest.remove(queued.size);
    if (!this.#latest.admits(size)) {
      if (queued !== undefined) this.#latest.add(queued.size);
      return this.skip(event);
    }
    if (queued !== undefined) {
      this.#line.remove(queued);
      this.#forgetStream(queued);
      this.#replaced += 1;
    }
    this.#latestByKey.set(key, this.#append(event, size, 'latest', this.#latest, key));
    return queued === undefined ? 'sent' : 'replaced';
  }

  #offerCounted(event: T, delivery: 'lossless' | 'bestEffort'): OfferResult {
    const size = this.#profile.sizeOf(event);
    if (this.#counted.admits(size)) {
      this.#append(event, size, delivery, this.#counted);
      this.#hasBeenHalfFull ||= !this.#counted.isBelowHalf;
      return 'sent';
    }
    if (this.#merge(event, delivery)) return 'merged';
    if (delivery === 'lossless') return 'full';
    return this.#countInto(this.#tailGap(), event, this.#profile.groupOf(event));
  }

  /** Makes the event a part of the last queued one of its stream, where class, profile and bounds allow it. */
  #merge(event: T, delivery: 'lossless' | 'bestEffort'): boolean {
    const stream = this.#profile.mergeKeyOf(event);
    const queued = stream === undefined ? undefined : this.#lastOfStream.get(stream);
    if (queued === undefined || queued.delivery !== delivery) return false;
    const ownLimit = delivery === 'lossless' ? this.#options.mergeBytes : this.#options.bestEffortBytes;
    const limit = Math.min(ownLimit, queued.size + this.#counted.maxBytes - this.#counted.bytes);
    const merged = this.#profile.merge(queued.event, event, limit, delivery === 'lossless' ? 'all' : 'tail');
    if (merged === undefined) return false;
    const size = this.#profile.sizeOf(merged);
    if (size > limit) return false;
    this.#counted.bytes += size - queued.size;
    queued.event = merged;
    queued.size = size;
    this.#merged += 1;
    this.#hasBeenHalfFull ||= !this.#counted.isBelowHalf;
    return true;
  }

  #append(event: T, size: number, delivery: DeliveryClass, lane: Lane, latestKey?: string): EventEntry<T> {
    const stream = this.#profile.mergeKeyOf(event);
    const entry = new EventEntry(event, size, delivery, stream, latestKey);
    lane.add(size);
    this.#line.append(entry);
    if (stream !== undefined) this.#lastOfStream.set(stream, entry);
    this.#consumer.wake();
    return entry;
  }

  #tailGap(): Gap<T> {
    const open = this.#line.tailGap;
    if (open !== undefined) return open;
    const gap = new Gap<T>(this.#options.maxGroupsListed ?? DEFAULTS.maxGroupsListed);
    this.#line.openTailGap(gap);
    return gap;
  }

  #countInto(gap: Gap<T>, event: T, group: string | undefined): 'skipped' {
    gap.count(this.#profile.kindOf(event), group);
    this.#skipped += 1;
    // What comes later in this stream must not slip in before the gap.
    const stream = this.#profile.mergeKeyOf(event);
    if (stream !== undefined) this.#lastOfStream.delete(stream);
    this.#consumer.wake();
    return 'skipped';
  }

  #readGap(gap: Gap<T>): Lagged {
    if (this.#isReadingGap)
      throw new ChannelError('CONCURRENT_RECEIVE', 'a snapshot must not read from its queue');
    const { snapshot } = this.#options;
    const markers: Resynced<S>[] = [];
    this.#isReadingGap = true;
    try {
      if (snapshot !== undefined) {
        for (const [group, first] of gap.behind) markers.push(new Resynced(group, snapshot(group, first)));
      }
    } finally {
      this.#isReadingGap = false;
    }
    for (const marker of markers) this.#markers.push(marker);
    this.#behind.release(gap);
    this.#line.shiftGap();
    this.#lagged += 1;
    return this.#settled(gap.toLagged());
  }

  #free(entry: EventEntry<T>): void {
    this.#forgetStream(entry);
    if (entry.delivery === 'reserved') {
      this.#reserved.remove(entry.size);
      this.#slots.notify();
    } else if (entry.delivery === 'latest') {
      this.#latest.remove(entry.size);
      if (entry.latestKey !== undefined) this.#latestByKey.delete(entry.latestKey);
    } else {
      this.#counted.remove(entry.size);
      if (this.#hasBeenHalfFull && this.#counted.isBelowHalf) {
        this.#hasBeenHalfFull = false;
        this.#drainedBelowHalf += 1;
      }
      this.#room.notify();
    }
  }

  #forgetStream(entry: EventEntry<T>): void {
    const { mergeKey } = entry;
    if (mergeKey !== undefined && this.#lastOfStream.get(mergeKey) === entry)
      this.#lastOfStream.delete(mergeKey);
  }

  #commit(event: T): 'sent' | 'closed' {
    if (this.#state === 'done') return 'closed';
    this.#permitsOut -= 1;
    this.#append(event, this.#profile.sizeOf(event), 'reserved', this.#reserved);
    return 'sent';
  }

  #giveBack(): void {
    if (this.#state === 'done') return;
    this.#permitsOut -= 1;
    this.#settle();
    this.#slots.notify();
    this.#consumer.wake();
  }

  #settled<R>(received: R): R {
    if (this.#state === 'closing') this.#settle();
    return received;
  }

  #settle(): void {
    const isDrained = this.#line.isEmpty && this.#markers.size === 0 && this.#permitsOut === 0;
    if (this.#state === 'closing' && isDrained) this.#state = 'done';
  }
}

function undefinedEvent(): ChannelError {
  return new ChannelError('UNDEFINED_MESSAGE', 'undefined cannot be an event: it stands for "nothing there"');
}
