import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.js';

describe('VirtualClock', () => {
  it('runs what becomes due, earliest first, then in order of scheduling', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} at ${clock.monotonic()}`);
    clock.schedule(20, note('late'));
    clock.schedule(10, note('first'));
    clock.schedule(10, note('second'));
    clock.schedule(30, note('too late'));
    const cancel = clock.schedule(5, note('cancelled'));
    cancel();
    clock.advance(25);
    expect(seen).toEqual(['first at 10', 'second at 10', 'late at 20']);
    expect([clock.monotonic(), clock.now(), clock.pending]).toEqual([25, 1_700_000_000_025, 1]);
  });

  it('also runs what a timer schedules within the span', () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.now());
      clock.schedule(10, tick);
    };
    clock.schedule(10, tick);
    clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
  });
});
