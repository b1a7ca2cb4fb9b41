import type { DeliveryClass } from './event-profile.js';
import type { Gap } from './gap.js';

/** An event in its place. */
export class EventEntry<T> {
  event: T;
  size: number;
  readonly delivery: DeliveryClass;
  readonly mergeKey: string | undefined;
  readonly latestKey: string | undefined;
  /** What is missing between the entry before this one and this one. */
  gapBefore: Gap<T> | undefined = undefined;
  previous: EventEntry<T> | undefined = undefined;
  next: EventEntry<T> | undefined = undefined;

  constructor(
    event: T,
    size: number,
    delivery: DeliveryClass,
    mergeKey: string | undefined,
    latestKey: string | undefined,
  ) {
    this.event = event;
    this.size = size;
    this.delivery = delivery;
    this.mergeKey = mergeKey;
    this.latestKey = latestKey;
  }
}

/**
 * Events in one order, and the gaps between them.
 *
 * A gap belongs to the place before an entry, or to the tail. So it takes no slot, and two gaps never stand side by side:
 * when the entry between them is removed, the later one is absorbed.
 */
export class EventLine<T> {
  readonly #onAbsorb: (absorbed: Gap<T>, gap: Gap<T>) => void;
  #head: EventEntry<T> | undefined;
  #tail: EventEntry<T> | undefined;
  #tailGap: Gap<T> | undefined;
  #size = 0;

  constructor(onAbsorb: (absorbed: Gap<T>, gap: Gap<T>) => void) {
    this.#onAbsorb = onAbsorb;
  }

  /** Events in the line; gaps do not count. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#size === 0 && this.#tailGap === undefined;
  }

  /** The gap that is next to be read; `undefined` when an event is, or nothing. */
  get firstGap(): Gap<T> | undefined {
    return this.#head === undefined ? this.#tailGap : this.#head.gapBefore;
  }

  get tailGap(): Gap<T> | undefined {
    return this.#tailGap;
  }

  /** Opens a gap behind the last entry, where there is none yet. */
  openTailGap(gap: Gap<T>): void {
    this.#tailGap = gap;
  }

  append(entry: EventEntry<T>): void {
    entry.gapBefore = this.#tailGap;
    this.#tailGap = undefined;
    entry.previous = this.#tail;
    if (this.#tail === undefined) this.#head = entry;
    else this.#tail.next = entry;
    this.#tail = entry;
    this.#size += 1;
  }

  /** Takes out the first gap, which has been read. */
  shiftGap(): void {
    if (this.#head === undefined) this.#tailGap = undefined;
    else this.#head.gapBefore = undefined;
  }

  /** Takes out the first entry; only where no gap stands before it. */
  shift(): EventEntry<T> | undefined {
    const entry = this.#head;
    if (entry !== undefined) this.#unlink(entry);
    return entry;
  }

  /** Takes out an entry from anywhere. The gap before it now stands before its successor. */
  remove(entry: EventEntry<T>): void {
    const { gapBefore: gap, next } = entry;
    this.#unlink(entry);
    if (gap === undefined) return;
    const following = next === undefined ? this.#tailGap : next.gapBefore;
    if (following !== undefined) {
      gap.absorb(following);
      this.#onAbsorb(following, gap);
    }
    if (next === undefined) this.#tailGap = gap;
    else next.gapBefore = gap;
  }

  clear(): void {
    this.#head = undefined;
    this.#tail = undefined;
    this.#tailGap = undefined;
    this.#size = 0;
  }

  #unlink(entry: EventEntry<T>): void {
    if (entry.previous === undefined) this.#head = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.#tail = entry.previous;
    else entry.next.previous = entry.previous;
    this.#size -= 1;
  }
}
