import { EventQueue, type EventQueueOptions } from '@millrace/channel';
import { EventQueueChecker } from './event-queue-checker.js';
import type { SeededRandom } from './seeded-random.js';
import { type TestEvent, testEventProfile } from './test-event.js';

type Options = EventQueueOptions<TestEvent, string>;

/** Makes the queue under test; a planted bug makes a broken one. */
export type EventQueueFactory = (options: Options) => EventQueue<TestEvent, string>;

/** The unbroken one. */
export const soundEventQueue: EventQueueFactory = (options) => new EventQueue(options);

/**
 * One random life of a small event queue, checked at each step against the model (EV-1 to EV-8).
 *
 * Receives and waits for room or slots are left under way, are aborted, and run on for a random number of microtasks
 * between the steps.
 */
export async function simulateEventQueue(
  random: SeededRandom,
  create: EventQueueFactory = soundEventQueue,
): Promise<void> {
  const checker = new EventQueueChecker(smallWorld(random), create);
  const steps = random.int(5, 50);
  for (let id = 0; id < steps; id += 1) {
    takeStep(random, checker, id);
    for (let ticks = random.int(0, 3); ticks > 0; ticks -= 1) await undefined;
    if (random.chance(0.25)) await checker.checkAtRest();
  }
  await checker.checkAtRest();
  await checker.finish({ ...randomEvent(random, steps), kind: 'terminal', delivery: 'reserved' });
}

function smallWorld(random: SeededRandom): Options {
  return {
    profile: testEventProfile,
    capacity: random.int(1, 5),
    maxBytes: random.chance(0.5) ? random.int(3, 12) : 1_000,
    reservedCapacity: random.int(1, 3),
    latestCapacity: random.int(1, 3),
    latestBytes: random.chance(0.5) ? random.int(2, 8) : 1_000,
    mergeBytes: random.int(2, 12),
    bestEffortBytes: random.int(2, 8),
    maxGroupsListed: random.int(1, 3),
    maxGroupsBehind: random.int(1, 3),
    maxWaiting: 100,
  };
}

function takeStep(random: SeededRandom, checker: EventQueueChecker, id: number): void {
  const dice = random.next();
  if (dice < 0.5) offer(random, checker, id);
  else if (dice < 0.57) checker.reserve(random.int(1, 2));
  else if (dice < 0.63)
    checker.commit({ ...randomEvent(random, id), kind: 'terminal', delivery: 'reserved' });
  else if (dice < 0.66) checker.release();
  else if (dice < 0.78) {
    if (!checker.isReceiving) checker.tryReceive();
  } else if (dice < 0.88) {
    if (!checker.isReceiving) checker.startReceive(random.int(1, 4));
  } else if (dice < 0.91) checker.abortReceive();
  else if (dice < 0.95) checker.startWait(random.int(0, 2));
  else if (dice < 0.97) checker.abortWait(random.int(0, 3));
  else if (dice < 0.99) checker.skip(randomEvent(random, id));
  else if (random.chance(0.7)) checker.close();
  else checker.dispose();
}

/** Offers an event; when there is no room, sometimes waits and sometimes gives it up, as producers do. */
function offer(random: SeededRandom, checker: EventQueueChecker, id: number): void {
  const event = randomEvent(random, id);
  if (checker.offer(event) !== 'full') return;
  if (random.chance(0.4)) checker.startWait(0);
  else if (random.chance(0.3)) checker.skip(event);
}

function randomEvent(random: SeededRandom, id: number): TestEvent {
  const group = random.pick([undefined, 'a', 'b', 'c']);
  const kind = random.pick(['delta', 'delta', 'delta', 'end', 'note', 'state', 'terminal'] as const);
  const number = random.int(1, 2);
  const hasStream = kind === 'delta' || kind === 'end' || random.chance(0.2);
  // Stream 1 is lossless, stream 2 best effort, but for a few events that break the rule.
  const counted = (number === 1) !== random.chance(0.1) ? 'lossless' : 'bestEffort';
  return {
    kind,
    delivery: kind === 'state' ? 'latest' : kind === 'terminal' ? 'reserved' : counted,
    group,
    stream: hasStream ? `${group} ${number}` : undefined,
    key: `${group} ${number}`,
    parts: [id],
    size: random.int(1, 3),
    droppedBytes: 0,
  };
}
