import { InvariantViolation, runSeeds, SeedFailure } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { BROKEN_PROMISES, RUNTIME_BUGS } from './planted-runtime-bugs.js';
import { uproot } from './planting.js';
import { simulateRuntime } from './runtime-simulation.js';

const SEEDS = { count: 1_500 };

describe('the simulation of the whole runtime', () => {
  it.each(Object.entries(RUNTIME_BUGS))('finds that %s', async (name, plant) => {
    const run = runSeeds(name, SEEDS, async (random) => {
      try {
        await simulateRuntime(random, plant);
      } finally {
        uproot();
      }
    });
    const failure: unknown = await run.catch((error: unknown) => error);
    const cause = failure instanceof SeedFailure ? failure.cause : failure;
    expect(cause).toBeInstanceOf(InvariantViolation);
    expect([BROKEN_PROMISES[name]].flat()).toContain((cause as InvariantViolation).id);
  });

  it('finds nothing once the bugs are out: the control', async () => {
    await expect(
      runSeeds('control', { count: 50 }, async (random) => void (await simulateRuntime(random))),
    ).resolves.toBeUndefined();
  });
});
