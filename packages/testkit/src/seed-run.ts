import { SeededRandom } from './seeded-random.js';

/** A run that a seed made fail. Its message is one line that says how to see it again. */
export class SeedFailure extends Error {
  override readonly name = 'SeedFailure';
  readonly seed: number;

  constructor(name: string, seed: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `${name}: seed ${seed} fails (replay with runSeeds(..., { first: ${seed}, count: 1 })): ${reason}`,
      { cause },
    );
    this.seed = seed;
  }
}

export interface SeedRange {
  /** 1 when absent. */
  readonly first?: number;
  readonly count: number;
}

/**
 * Runs a simulation once for each seed of the range.
 *
 * @throws {SeedFailure} for the first seed that fails.
 */
export async function runSeeds(
  name: string,
  range: SeedRange,
  run: (random: SeededRandom) => void | Promise<void>,
): Promise<void> {
  const first = range.first ?? 1;
  for (let seed = first; seed < first + range.count; seed += 1) {
    try {
      await run(new SeededRandom(seed));
    } catch (error) {
      throw new SeedFailure(name, seed, error);
    }
  }
}
