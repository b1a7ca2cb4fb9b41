import { EventEntry, EventLine } from './event-line.js';
import type { DeliveryClass, EventProfile } from './event-profile.js';
import type { EventQueueOptions } from './event-queue-options.js';
import { Gap } from './gap.js';
import { GroupsBehind } from './groups-behind.js';
import { Lane } from './lane.js';
import { capacityOf, DEFAULTS } from './limits.js';

/**
 * What waits for the consumer of an event queue: the events in their order, each class within its bounds, and the gaps.
 *
 * It decides what fits, what merges and what replaces what. Who may offer, and who is told, is the queue's part.
 */
export class EventBacklog<T> {
  readonly #profile: EventProfile<T>;
  readonly #mergeBytes: number;
  readonly #bestEffortBytes: number;
  readonly #maxGroupsListed: number;
  readonly #line: EventLine<T>;
  readonly #behind: GroupsBehind<T>;
  /** Lossless and best-effort events. */
  readonly #counted: Lane;
  readonly #latest: Lane;
  readonly #reserved: Lane;
  /** Of each key the newest queued event. */
  readonly #latestByKey = new Map<string, EventEntry<T>>();
  /** Of each stream the last queued event, unless something of the stream was skipped since. */
  readonly #lastOfStream = new Map<string, EventEntry<T>>();

  constructor(options: EventQueueOptions<T, unknown>, reservedCapacity: number) {
    this.#profile = options.profile;
    this.#mergeBytes = options.mergeBytes;
    this.#bestEffortBytes = options.bestEffortBytes;
    this.#maxGroupsListed = capacityOf(options.maxGroupsListed ?? DEFAULTS.maxGroupsListed);
    const maxBytes = capacityOf(options.maxBytes);
    this.#counted = new Lane(capacityOf(options.capacity), maxBytes);
    this.#latest = new Lane(capacityOf(options.latestCapacity), capacityOf(options.latestBytes ?? maxBytes));
    this.#reserved = new Lane(reservedCapacity, Number.POSITIVE_INFINITY);
    this.#behind = new GroupsBehind(capacityOf(options.maxGroupsBehind ?? DEFAULTS.maxGroupsBehind));
    this.#line = new EventLine((absorbed, gap) => this.#behind.repoint(absorbed, gap));
  }

  /** Events; gaps do not count. */
  get size(): number {
    return this.#line.size;
  }

  get bytes(): number {
    return this.#counted.bytes + this.#latest.bytes + this.#reserved.bytes;
  }

  /** True when there is neither an event nor a gap. */
  get isEmpty(): boolean {
    return this.#line.isEmpty;
  }

  /** True while lossless and best-effort events take less than half of their count and bytes. */
  get isBelowHalf(): boolean {
    return this.#counted.isBelowHalf;
  }

  /** The gap that is next to be read; `undefined` when an event is, or nothing. */
  get firstGap(): Gap<T> | undefined {
    return this.#line.firstGap;
  }

  isGroupBehind(group: string): boolean {
    return this.#behind.gapOf(group) !== undefined;
  }

  /**
   * Counts the event into the gap where its group fell behind; false when the group is not behind. Its stream needs no care: when
   * the group is live again, everything that was queued before the gap has been read.
   */
  skipBehind(event: T): boolean {
    if (this.#behind.isEmpty) return false;
    const group = this.#profile.groupOf(event);
    const gap = group === undefined ? undefined : this.#behind.gapOf(group);
    if (gap === undefined) return false;
    gap.count(this.#profile.kindOf(event), group);
    return true;
  }

  /** Appends an event that has a slot. */
  addReserved(event: T): void {
    this.#append(event, this.#profile.sizeOf(event), 'reserved', this.#reserved);
  }

  /**
   * Appends the event; where the queue is full, in place of the newest queued one of its key. `refused` means that nothing was
   * done.
   */
  addLatest(event: T): 'sent' | 'replaced' | 'refused' {
    const key = this.#profile.latestKeyOf(event);
    const size = this.#profile.sizeOf(event);
    const hasRoom = this.#latest.admits(size);
    const queued = hasRoom && !this.#counted.isFull ? undefined : this.#latestByKey.get(key);
    if (queued === undefined) {
      if (hasRoom) this.#appendLatest(event, size, key);
      return hasRoom ? 'sent' : 'refused';
    }
    this.#latest.remove(queued.size);
    if (!this.#latest.admits(size)) {
      this.#latest.add(queued.size);
      return 'refused';
    }
    this.#line.remove(queued);
    this.#forgetStream(queued);
    this.#appendLatest(event, size, key);
    return 'replaced';
  }

  /** Appends or merges the event. `refused` means that nothing was done. */
  addCounted(event: T, delivery: 'lossless' | 'bestEffort'): 'sent' | 'merged' | 'refused' {
    const size = this.#profile.sizeOf(event);
    if (!this.#counted.admits(size)) return this.#merge(event, delivery) ? 'merged' : 'refused';
    this.#append(event, size, delivery, this.#counted);
    return 'sent';
  }

  /** Counts the event as missing at the tail. */
  drop(event: T): void {
    this.#countInto(this.#tailGap(), event, this.#profile.groupOf(event));
  }

  /** Counts the event as missing where its group fell behind, which is here when it was not behind. */
  skip(event: T): void {
    const group = this.#profile.groupOf(event);
    let gap = group === undefined ? undefined : this.#behind.gapOf(group);
    if (gap === undefined) {
      gap = this.#tailGap();
      if (group !== undefined) this.#behind.add(group, gap, event);
    }
    this.#countInto(gap, event, group);
  }

  /** Takes out the first gap; its groups are live again. */
  shiftGap(gap: Gap<T>): void {
    this.#behind.release(gap);
    this.#line.shiftGap();
  }

  /** Takes out the first event; only where no gap stands before it. */
  shift(): EventEntry<T> | undefined {
    const entry = this.#line.shift();
    if (entry === undefined) return undefined;
    if (entry.mergeKey !== undefined) this.#forgetStream(entry);
    const { latestKey } = entry;
    if (latestKey !== undefined && this.#latestByKey.get(latestKey) === entry)
      this.#latestByKey.delete(latestKey);
    this.#laneOf(entry.delivery).remove(entry.size);
    return entry;
  }

  clear(): void {
    this.#line.clear();
    this.#behind.clear();
    this.#latestByKey.clear();
    this.#lastOfStream.clear();
    for (const lane of [this.#counted, this.#latest, this.#reserved]) lane.clear();
  }

  /** Makes the event a part of the last queued one of its stream, where class, profile and bounds allow it. */
  #merge(event: T, delivery: 'lossless' | 'bestEffort'): boolean {
    const stream = this.#profile.mergeKeyOf(event);
    const queued = stream === undefined ? undefined : this.#lastOfStream.get(stream);
    if (queued === undefined || queued.delivery !== delivery) return false;
    const ownLimit = delivery === 'lossless' ? this.#mergeBytes : this.#bestEffortBytes;
    const limit = Math.min(ownLimit, queued.size + this.#counted.maxBytes - this.#counted.bytes);
    const merged = this.#profile.merge(queued.event, event, limit, delivery === 'lossless' ? 'all' : 'tail');
    if (merged === undefined) return false;
    const size = this.#profile.sizeOf(merged);
    if (size > limit) return false;
    this.#counted.bytes += size - queued.size;
    queued.event = merged;
    queued.size = size;
    return true;
  }

  #appendLatest(event: T, size: number, key: string): void {
    this.#latestByKey.set(key, this.#append(event, size, 'latest', this.#latest, key));
  }

  #append(event: T, size: number, delivery: DeliveryClass, lane: Lane, latestKey?: string): EventEntry<T> {
    const stream = this.#profile.mergeKeyOf(event);
    const entry = new EventEntry(event, size, delivery, stream, latestKey);
    lane.add(size);
    this.#line.append(entry);
    if (stream !== undefined) this.#lastOfStream.set(stream, entry);
    return entry;
  }

  #tailGap(): Gap<T> {
    if (this.#line.tailGap === undefined) this.#line.openTailGap(new Gap<T>(this.#maxGroupsListed));
    return this.#line.tailGap as Gap<T>;
  }

  #countInto(gap: Gap<T>, event: T, group: string | undefined): void {
    gap.count(this.#profile.kindOf(event), group);
    // What comes later in this stream must not slip in before the gap.
    const stream = this.#profile.mergeKeyOf(event);
    if (stream !== undefined) this.#lastOfStream.delete(stream);
  }

  #laneOf(delivery: DeliveryClass): Lane {
    if (delivery === 'reserved') return this.#reserved;
    return delivery === 'latest' ? this.#latest : this.#counted;
  }

  #forgetStream(entry: EventEntry<T>): void {
    const { mergeKey } = entry;
    if (mergeKey !== undefined && this.#lastOfStream.get(mergeKey) === entry)
      this.#lastOfStream.delete(mergeKey);
  }
}
