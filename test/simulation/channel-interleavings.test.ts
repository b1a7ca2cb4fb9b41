import { Channel } from '@millrace/channel';
import { ChannelChecker, ChannelModel, interleavings, type SizedMessage, settle } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';

type Step = (checker: ChannelChecker) => void;

const message = (id: number): SizedMessage => ({ id, size: 1 });
const whenIdle =
  (step: Step): Step =>
  (checker) =>
    checker.isReceiving ? checker.check() : step(checker);

/** Two senders, of which one closes, and a receiver that changes its mind. */
const ACTORS: readonly (readonly Step[])[] = [
  [
    (checker) => checker.trySend(message(1)),
    (checker) => checker.send(message(2)),
    (checker) => checker.send(message(3)),
    (checker) => checker.abortSend(0),
    (checker) => checker.close(),
  ],
  [(checker) => checker.send(message(4)), (checker) => checker.trySend(message(5))],
  [
    whenIdle((checker) => checker.startReceive(1)),
    (checker) => checker.abortReceive(),
    whenIdle((checker) => checker.startReceive(2)),
    whenIdle((checker) => checker.tryReceive()),
  ],
];

/** How long promises run on between two steps. */
const PAUSES: Readonly<Record<string, () => Promise<void> | undefined>> = {
  'no pause': () => undefined,
  'one microtask': async () => {},
  'everything settled': settle,
};

async function runInOrder(order: readonly number[], capacity: number, pause: () => unknown): Promise<void> {
  const maxBytes = 1_000;
  const channel = new Channel<SizedMessage>({ capacity, maxBytes, sizeOf: ({ size }) => size });
  const checker = new ChannelChecker(channel, new ChannelModel(capacity, maxBytes));
  const next = ACTORS.map(() => 0);
  for (const actor of order) {
    const step = ACTORS[actor]?.[next[actor] ?? 0];
    next[actor] = (next[actor] ?? 0) + 1;
    step?.(checker);
    const paused = pause();
    if (paused !== undefined) await paused;
  }
  await checker.checkAtRest();
}

describe('every interleaving', () => {
  for (const capacity of [1, 2]) {
    it.each(
      Object.entries(PAUSES),
    )(`of three actors keeps to the model at capacity ${capacity}, with %s between steps (CH-1, CH-3, CH-5, CH-6, CH-7, CH-9)`, async (_name, pause) => {
      let orders = 0;
      for (const order of interleavings(ACTORS.map((steps) => steps.length))) {
        await runInOrder(order, capacity, pause);
        orders += 1;
      }
      expect(orders).toBe(6_930);
    });
  }
});
