/** Where time comes from. Everything that waits takes one, so that a simulation can own the time. */
export interface Clock {
  /** Unix time in milliseconds. May jump; only for timestamps. */
  now(): number;
  /** Milliseconds from an arbitrary start. Never goes back; for durations and deadlines. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs` milliseconds (0 and more). Returns what cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** The longest delay that timers of JavaScript know, about 24.8 days; they fire at once for a longer one. */
const LONGEST_DELAY_MS = 2_147_483_647;

/** The clock of this machine. A delay above 24.8 days is cut to that. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_DELAY_MS));
    return () => clearTimeout(timer);
  },
};

/**
 * Waits `delayMs` milliseconds.
 *
 * Cancel safety: an aborted sleep rejects with the signal's reason and leaves no timer.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
