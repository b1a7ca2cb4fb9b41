import type { SeededRandom } from './seeded-random.js';

/**
 * Decides which of several actors goes next. Each actor awaits {@link pass} between its steps.
 *
 * The order depends on the seed alone, for everything between two passes runs in microtasks.
 */
export class Turnstile {
  readonly #random: SeededRandom;
  readonly #waiting: (() => void)[] = [];
  #actors = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  pass(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /**
   * Runs the actors until all have ended. Fails as soon as one of them does.
   *
   * @param onStep Called before each step.
   * @param onStuck Called when none can go on though not all have ended; throws.
   */
  async run(
    actors: readonly (() => Promise<void>)[],
    onStep: () => void,
    onStuck: () => never,
  ): Promise<void> {
    for (const actor of actors) void this.#start(actor);
    for (let quietSteps = 0; this.#actors > 0; ) {
      const [next] = this.#waiting.splice(this.#random.int(0, this.#waiting.length - 1), 1);
      quietSteps = next === undefined ? quietSteps + 1 : 0;
      onStep();
      next?.();
      for (let ticks = this.#random.int(1, 4); ticks > 0; ticks -= 1) await undefined;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (quietSteps > 20) onStuck();
    }
  }

  async #start(actor: () => Promise<void>): Promise<void> {
    this.#actors += 1;
    try {
      await actor();
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#actors -= 1;
    }
  }
}
