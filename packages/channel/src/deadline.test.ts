import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.js';
import { Deadline, DeadlineExpired } from './deadline.js';

class ManualClock implements Clock {
  nowMs = 0;
  readonly timers = new Map<() => void, number>();

  now(): number {
    return this.nowMs;
  }

  monotonic(): number {
    return this.nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    this.timers.set(callback, this.nowMs + delayMs);
    return () => {
      this.timers.delete(callback);
    };
  }

  advance(byMs: number): void {
    this.nowMs += byMs;
    for (const [callback, atMs] of this.timers) {
      if (atMs <= this.nowMs && this.timers.delete(callback)) callback();
    }
  }
}

describe('Deadline', () => {
  it('says what is left, and never less than nothing', () => {
    const clock = new ManualClock();
    const deadline = Deadline.after(clock, 100);
    clock.advance(40);
    expect([deadline.remainingMs, deadline.expired]).toEqual([60, false]);
    clock.advance(100);
    expect([deadline.remainingMs, deadline.expired]).toEqual([0, true]);
  });

  it('lets a promise that is in time win, and leaves no timer', async () => {
    const clock = new ManualClock();
    const deadline = Deadline.after(clock, 100);
    expect(await deadline.race(Promise.resolve(7))).toEqual({ type: 'done', value: 7 });
    await expect(deadline.race(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(clock.timers.size).toBe(0);
  });

  it('ends the race at the deadline, and ignores what comes later', async () => {
    const clock = new ManualClock();
    const deadline = Deadline.after(clock, 100);
    let fail = (_error: Error): void => {};
    const late = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const race = deadline.race(late);
    clock.advance(100);
    expect(await race).toEqual({ type: 'expired' });
    fail(new Error('too late'));
    await expect(late).rejects.toThrow('too late');
    expect(clock.timers.size).toBe(0);
  });

  it('aborts its signal at the deadline, with a reason of its own', () => {
    const clock = new ManualClock();
    const deadline = Deadline.after(clock, 100);
    const { signal } = deadline;
    expect([signal.aborted, deadline.signal === signal, clock.timers.size]).toEqual([false, true, 1]);
    clock.advance(100);
    expect(signal.reason).toBeInstanceOf(DeadlineExpired);
    expect(Deadline.after(clock, -5).signal.aborted).toBe(true);
  });

  it('frees the timer of its signal on release', () => {
    const clock = new ManualClock();
    const deadline = Deadline.after(clock, 100);
    const { signal } = deadline;
    deadline.release();
    clock.advance(200);
    expect([signal.aborted, clock.timers.size]).toEqual([false, 0]);
  });
});
