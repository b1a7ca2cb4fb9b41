/**
 * Counts since the start, and what is held now.
 *
 * At each moment: emitted = delivered + merged + replaced + skipped + queued + discarded.
 */
export interface EventQueueStats {
  /** Events that were taken or counted; those answered `full` or `closed` are not among them. */
  readonly emitted: number;
  /** Events that the consumer has read. Markers do not count. */
  readonly delivered: number;
  /** Events that became a part of a queued one. */
  readonly merged: number;
  /** Events that were removed because a newer one of the same key came. */
  readonly replaced: number;
  /** Events that were counted into gaps, read or not. */
  readonly skipped: number;
  /** Events that were queued when the consumer left. */
  readonly discarded: number;
  readonly queued: number;
  /** Bytes of the queued events. */
  readonly bytes: number;
  /** Permits that are out, and reserved events that were not read yet. */
  readonly slotsTaken: number;
  /** Lag markers that the consumer has read. */
  readonly lagged: number;
}
