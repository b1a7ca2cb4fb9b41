import { VirtualClock } from '@millrace/testkit';
import { expect, it } from 'vitest';
import { ServerDeadline } from './server-deadline.js';

const never = () => new Promise<never>(() => {});

it('gives up work at its time, and tells it by the signal', async () => {
  const clock = new VirtualClock();
  const deadline = new ServerDeadline(clock, 100, []);
  const ended = expect(deadline.run(never)).rejects.toThrow('timed out');
  clock.advance(99);
  expect(deadline.signal.aborted).toBe(false);
  clock.advance(1);
  await ended;
  expect([deadline.isOver, deadline.signal.aborted]).toEqual([true, true]);
});

it('begins again when somebody else was waited for at its time', async () => {
  const clock = new VirtualClock();
  let isPaused = true;
  const deadline = new ServerDeadline(clock, 100, [], () => isPaused);
  const ended = expect(deadline.run(never)).rejects.toThrow('timed out');
  clock.advance(100);
  isPaused = false;
  clock.advance(99);
  expect(deadline.isOver).toBe(false);
  clock.advance(1);
  await ended;
});

it('ends with another signal for the reason of that, before the work begins too', async () => {
  const stop = new AbortController();
  const deadline = new ServerDeadline(new VirtualClock(), 100, [stop.signal]);
  const ended = expect(deadline.run(never)).rejects.toThrow('stopped');
  stop.abort(new Error('stopped'));
  await ended;
  expect(deadline.isOver).toBe(false);
  let hasBegun = false;
  const late = new ServerDeadline(new VirtualClock(), 100, [stop.signal]);
  const begin = async () => {
    hasBegun = true;
  };
  await expect(late.run(begin)).rejects.toThrow('stopped');
  expect(hasBegun).toBe(false);
});

it('leaves no timer behind when the work is over in time', async () => {
  const clock = new VirtualClock();
  const deadline = new ServerDeadline(clock, 100, []);
  expect(await deadline.run(async () => 'done')).toBe('done');
  clock.advance(1_000);
  expect([deadline.isOver, deadline.signal.aborted]).toEqual([false, false]);
});
