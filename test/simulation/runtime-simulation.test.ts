import { runSeeds } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type Coverage, simulateRuntime } from './runtime-simulation.js';

const SEEDS = { count: 4_000 };

/** How often the seeds must reach what is rare, so that a pass means something. */
const REACHED_AT_LEAST: Coverage = {
  turns: 10_000,
  lagged: 8_000,
  refused: 10_000,
  interrupted: 3_000,
  ignoredAnswers: 5_000,
  commands: 1_500,
};

describe('the whole runtime', () => {
  it('keeps its promises in 4,000 seeded conversations (EV-1, EV-2, EV-3, EV-5, EV-8, EV-9, RQ-1, AP-2, SD-1, SD-7)', async () => {
    const reached: Record<string, number> = {};
    await runSeeds('runtime', SEEDS, async (random) => {
      const coverage = await simulateRuntime(random);
      for (const [name, count] of Object.entries(coverage)) reached[name] = (reached[name] ?? 0) + count;
    });
    for (const [name, minimum] of Object.entries(REACHED_AT_LEAST)) {
      expect(reached[name], `how often the seeds reached: ${name}`).toBeGreaterThanOrEqual(minimum);
    }
  });
});
