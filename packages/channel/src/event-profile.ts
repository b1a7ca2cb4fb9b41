/**
 * What a full queue does to an event.
 *
 * - `reserved`: has its slot beforehand; never refused.
 * - `lossless`: merges, else the producer waits for room, else its group falls behind.
 * - `latest`: replaces the newest queued event of the same key.
 * - `bestEffort`: merges, else is dropped and counted.
 */
export type DeliveryClass = 'reserved' | 'lossless' | 'latest' | 'bestEffort';

/** What a merge does when the result would be too large: refuse, or drop the oldest bytes and say so in the event. */
export type MergeKeep = 'all' | 'tail';

/**
 * How an event queue sees its events, for it knows nothing of them itself.
 *
 * All functions are pure, fast and do not throw: they run in the middle of an offer.
 */
export interface EventProfile<T> {
  /** Bytes that the event stands for; positive. */
  sizeOf(event: T): number;
  /** What falls behind together, such as one conversation; `undefined` for an event of no group. */
  groupOf(event: T): string | undefined;
  /** By what a lag marker counts; one of a small fixed set of words. */
  kindOf(event: T): string;
  /** For `latest` events: what makes two of them the same, unique across groups. */
  latestKeyOf(event: T): string;
  /** The stream whose order must hold under merging, unique across groups; `undefined` for an event of no stream. */
  mergeKeyOf(event: T): string | undefined;
  /**
   * One new event that says what `queued` and then `next` say; neither is changed.
   *
   * `undefined` when they cannot be merged, or when the result would exceed `maxBytes` with `all`. With `tail` the oldest
   * bytes are dropped to fit, and counted inside the event.
   */
  merge(queued: T, next: T, maxBytes: number, keep: MergeKeep): T | undefined;
}
