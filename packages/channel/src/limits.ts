import { ChannelError } from './errors.js';

/** What holds where the caller gives no limit of its own. */
export const DEFAULTS = {
  /** Senders, room waiters or slot waiters of one queue. A product has at most one per running turn. */
  maxWaiting: 1_024,
  /** Group names in one lag marker. Enough to say what is concerned, small enough to send. */
  maxGroupsListed: 64,
  /** Groups that one queue remembers as behind. Each costs a map entry and one event. */
  maxGroupsBehind: 4_096,
  /** Tasks of one group that run at once. */
  maxTasks: 16_384,
  /** Failures that one task group keeps; further ones are reported to its callback only. */
  maxFailuresKept: 64,
} as const;

/**
 * Brings a capacity to a whole number of at least 1.
 *
 * @throws {ChannelError} `INVALID_LIMIT` for NaN and infinity: an unbounded queue is a bug.
 */
export function capacityOf(value: number): number {
  if (!Number.isFinite(value))
    throw new ChannelError('INVALID_LIMIT', `a limit must be finite, not ${value}`);
  return Math.max(1, Math.floor(value));
}
