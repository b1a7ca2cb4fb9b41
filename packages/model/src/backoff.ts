import { LIMITS } from '@millrace/protocol';

/** A delay is made shorter or longer by at most this share, so that clients that failed together do not return together. */
const JITTER = 0.1;

/**
 * Milliseconds to wait before a request is repeated: 200, 400, 800 … up to `LIMITS.retryMaxDelayMs`, each up to 10 % more or less.
 *
 * @param repetition 0 before the first repetition.
 * @param random Gives numbers from 0 (included) to 1 (excluded).
 */
export function backoffMs(repetition: number, random: () => number): number {
  const delayMs = Math.min(LIMITS.retryBaseDelayMs * 2 ** repetition, LIMITS.retryMaxDelayMs);
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * random()));
}
