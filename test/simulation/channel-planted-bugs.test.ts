import {
  CHANNEL_BUGS,
  EVENT_QUEUE_BUGS,
  InvariantViolation,
  runSeeds,
  SeedFailure,
  simulateChannel,
  simulateConversations,
  simulateEventQueue,
} from '@millrace/testkit';
import { describe, expect, it } from 'vitest';

const SEEDS = { count: 10_000 };

/** Bugs that make the rebuilt state wrong, so that the conversations must find them without any model of the queue. */
const SEEN_BY_CONVERSATIONS = [
  'a group that is behind is forgotten at once',
  'a merge loses the older part',
  'a snapshot is too old',
  'a state comes before its marker',
  'a terminal event comes twice',
  'a terminal event is dropped when full',
  'all states have one key',
  'close drops what is queued',
  'groups do not fall behind',
  'room is signalled only once',
  'the queue ends while a permit is out',
  'the wake-up of a reserved event is lost',
  'what is skipped is not counted',
] as const;

/** The violation that some seed of the range finds. */
async function findViolation(run: Promise<void>): Promise<unknown> {
  const failure: unknown = await run.catch((error: unknown) => error);
  return failure instanceof SeedFailure ? failure.cause : failure;
}

describe('planted bugs', () => {
  it.each(Object.entries(CHANNEL_BUGS))('the channel schedules find that %s', async (name, create) => {
    const run = runSeeds(name, SEEDS, (random) => simulateChannel(random, create));
    expect(await findViolation(run)).toBeInstanceOf(InvariantViolation);
  });

  it.each(
    Object.entries(EVENT_QUEUE_BUGS),
  )('the event queue schedules find that %s', async (name, create) => {
    const run = runSeeds(name, SEEDS, (random) => simulateEventQueue(random, create));
    expect(await findViolation(run)).toBeInstanceOf(InvariantViolation);
  });

  it.each(SEEN_BY_CONVERSATIONS)('the conversations find that %s', async (name) => {
    const create = EVENT_QUEUE_BUGS[name];
    if (create === undefined) throw new Error(`no planted bug "${name}"`);
    const run = runSeeds(name, SEEDS, (random) => simulateConversations(random, create));
    expect(await findViolation(run)).toBeInstanceOf(InvariantViolation);
  });

  it('a failing seed is printed in one line that says how to replay it', async () => {
    const run = runSeeds('demo', { first: 7, count: 1 }, () => {
      throw new InvariantViolation('CH-1', 'made up');
    });
    await expect(run).rejects.toThrow(
      /^demo: seed 7 fails \(replay with runSeeds\(\.\.\., \{ first: 7, count: 1 \}\)\): CH-1: made up$/,
    );
  });
});
