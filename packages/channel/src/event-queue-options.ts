import type { EventProfile } from './event-profile.js';

export interface EventQueueOptions<T, S> {
  readonly profile: EventProfile<T>;
  /** Lossless and best-effort events that may be queued together; this and every other limit is at least 1. */
  readonly capacity: number;
  /** Bytes of those. One larger event is let in when there is no other. */
  readonly maxBytes: number;
  /** Slots: permits that are out, and reserved events that were not read yet. */
  readonly reservedCapacity: number;
  /** Keys of `latest` events that may be queued. */
  readonly latestCapacity: number;
  /** Bytes of those; `maxBytes` when absent. */
  readonly latestBytes?: number;
  /** The largest lossless event that merging may make, in bytes. */
  readonly mergeBytes: number;
  /** The largest best-effort event that merging may make, in bytes. */
  readonly bestEffortBytes: number;
  /**
   * The state of a group that was behind, asked for when the consumer reads the gap, in the consumer's call. It must not
   * throw: if it does, the read throws and the gap stays. Without it no {@link Resynced} is made.
   *
   * @param firstSkipped The first event of the group that is missing.
   */
  readonly snapshot?: (group: string, firstSkipped: T) => S;
  /** Group names in one marker; 64 when absent. */
  readonly maxGroupsListed?: number;
  /** Groups that may be behind one by one; 4,096 when absent. See {@link Lagged.isComplete} for what follows. */
  readonly maxGroupsBehind?: number;
  /** Waiters for room, and as many for slots; 1,024 when absent. */
  readonly maxWaiting?: number;
}
