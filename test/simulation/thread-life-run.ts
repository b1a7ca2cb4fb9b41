import { runSeeds, type SeedRange } from '@millrace/testkit';
import { uproot } from './planting.js';
import { type LifeCoverage, type LifePlant, simulateThreadLife } from './thread-life-simulation.js';

/** How often a thousand seeds must reach what is rare, so that a pass means something: about half of what they do. */
export const REACHED_PER_THOUSAND: LifeCoverage = {
  turns: 2_000,
  swept: 800,
  madeRoom: 400,
  reloaded: 250,
  askedWhileUnloading: 450,
  refusedFull: 1_500,
  forked: 120,
  resumedByPath: 400,
  cutShort: 350,
  leftInFlight: 50,
  shutDownWhileUnloading: 10,
};

/** Runs the simulation once for each seed and adds up what was reached. @throws {SeedFailure} */
export async function runThreadLives(range: SeedRange, plant?: LifePlant): Promise<LifeCoverage> {
  const reached: Record<string, number> = {};
  await runSeeds('thread life', range, async (random) => {
    try {
      const coverage = await simulateThreadLife(random, plant);
      for (const [name, count] of Object.entries(coverage)) reached[name] = (reached[name] ?? 0) + count;
    } finally {
      uproot();
    }
  });
  return reached as unknown as LifeCoverage;
}
