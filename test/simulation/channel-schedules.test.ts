import { runSeeds, simulateChannel, simulateConversations, simulateEventQueue } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';

const SEEDS = { count: 10_000 };

describe('seeded schedules', () => {
  it('a channel keeps to its model at every step of 10,000 schedules (CH-1, CH-2, CH-3, CH-4, CH-5, CH-6, CH-7, CH-8, CH-9)', async () => {
    await expect(runSeeds('channel', SEEDS, (random) => simulateChannel(random))).resolves.toBeUndefined();
  });

  it('an event queue keeps to its model at every step of 10,000 schedules (EV-1, EV-2, EV-4, EV-5, EV-6, EV-7, EV-8)', async () => {
    await expect(
      runSeeds('event queue', SEEDS, (random) => simulateEventQueue(random)),
    ).resolves.toBeUndefined();
  });

  it('a consumer that rebuilds state ends up with the state of the producers in 10,000 schedules (EV-2, EV-3, EV-4, EV-5, EV-9)', async () => {
    const run = runSeeds('conversations', SEEDS, (random) => simulateConversations(random));
    await expect(run).resolves.toBeUndefined();
  });
});
