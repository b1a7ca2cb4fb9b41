import { describe, expect, it } from 'vitest';
import { type Clock, sleep, systemClock } from './clock.js';

/** A clock whose one timer is fired by hand. */
function manualClock(): Clock & { fire: () => void; readonly pending: () => boolean } {
  let timer: (() => void) | undefined;
  return {
    now: () => 0,
    monotonic: () => 0,
    schedule: (_delayMs, callback) => {
      timer = callback;
      return () => {
        timer = undefined;
      };
    },
    fire: () => timer?.(),
    pending: () => timer !== undefined,
  };
}

describe('sleep', () => {
  it('resolves when the clock says so', async () => {
    const clock = manualClock();
    const slept = sleep(clock, 10, new AbortController().signal);
    clock.fire();
    await expect(slept).resolves.toBeUndefined();
  });

  it('rejects with the reason of an abort and leaves no timer', async () => {
    const clock = manualClock();
    const controller = new AbortController();
    const slept = sleep(clock, 10, controller.signal);
    controller.abort('gone');
    await expect(slept).rejects.toBe('gone');
    expect(clock.pending()).toBe(false);
    await expect(sleep(clock, 10, AbortSignal.abort('before'))).rejects.toBe('before');
  });
});

describe('systemClock', () => {
  it('calls back later, unless it is cancelled', async () => {
    const calls: string[] = [];
    const cancel = systemClock.schedule(0, () => calls.push('cancelled'));
    cancel();
    await new Promise<void>((resolve) => {
      systemClock.schedule(0, () => {
        calls.push('called');
        resolve();
      });
    });
    expect(calls).toEqual(['called']);
  });

  it('measures durations by a clock that does not go back', () => {
    const before = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
    expect(systemClock.now()).toBeGreaterThan(1_600_000_000_000);
  });
});
