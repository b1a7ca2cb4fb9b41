import { InvariantViolation, SeedFailure, type SeedRange } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { LIFE_BUGS } from './planted-life-bugs.js';
import { REACHED_PER_THOUSAND, runThreadLives } from './thread-life-run.js';
import type { LifePlant } from './thread-life-simulation.js';

const SEEDS = { count: 100 };
const SEEDS_OF_A_BUG = { count: 400 };

async function failureOf(range: SeedRange, plant: LifePlant): Promise<unknown> {
  const failure: unknown = await runThreadLives(range, plant).catch((error: unknown) => error);
  return failure instanceof SeedFailure ? failure.cause : failure;
}

describe('threads that come into memory and leave it while clients do everything with them', () => {
  it('are loaded once, left alone while they are used, and lose nothing (LT-1, LT-2, LT-3, LT-4, LT-5, EV-2, RQ-1, SD-1, SD-5, SD-6)', async () => {
    const reached = await runThreadLives(SEEDS);
    for (const [name, perThousand] of Object.entries(REACHED_PER_THOUSAND)) {
      const minimum = (perThousand * SEEDS.count) / 1_000;
      expect(reached[name as keyof typeof reached], `how often the seeds reached: ${name}`).toBeGreaterThan(
        minimum,
      );
    }
  });

  it.each(Object.entries(LIFE_BUGS))('the simulation finds that %s', async (_name, {
    plant,
    breaks,
    firstSeed,
  }) => {
    const cause = await failureOf({ first: firstSeed ?? 1, ...SEEDS_OF_A_BUG }, plant);
    expect(cause).toBeInstanceOf(InvariantViolation);
    expect(breaks).toContain((cause as InvariantViolation).id);
  });
});
