import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CrashWorld, type Met } from './crash-world.js';
import type { Violation } from './ledger.js';

/** Kills over one home, so that its threads and the memory of its model stay small. */
const KILLS_OF_A_WORLD = 25;
/** Worlds at a time, where there are that many: a server that is starting keeps one processor busy, its clients none. */
const WORLDS_AT_ONCE = 3;

export interface CrashRunOptions {
  readonly kills: number;
  readonly seed: number;
  /** What is started as the server, by default over standard input and output. */
  readonly program: readonly [string, ...string[]];
}

export interface CrashReport {
  readonly seed: number;
  readonly kills: number;
  readonly restarts: number;
  /** Turns whose end a client was told, and requests with a promise that were answered. */
  readonly acknowledgedTurns: number;
  readonly acknowledgedRequests: number;
  readonly lost: number;
  /** Outputs of calls that a kill had cut off, in all requests to the model that had them. */
  readonly repairedCalls: number;
  readonly met: Met;
  /** With the seed and the directory of the world, which is left as it was found. */
  readonly violations: readonly (Violation & { readonly seed: number; readonly directory: string })[];
  readonly durationMs: number;
}

/** Kills servers at seeded points, in worlds of their own, and adds up what became of their promises. */
export async function runCrashes({ kills, seed, program }: CrashRunOptions): Promise<CrashReport> {
  const startedAt = performance.now();
  const worlds: { readonly world: CrashWorld; readonly seed: number; readonly directory: string }[] = [];
  const count = Math.ceil(kills / KILLS_OF_A_WORLD);
  const root = await mkdtemp(join(tmpdir(), 'millrace-crash-'));
  const runWorlds = async (): Promise<void> => {
    while (worlds.length < count) {
      const index = worlds.length;
      const share = Math.floor(((index + 1) * kills) / count) - Math.floor((index * kills) / count);
      const directory = join(root, String(seed + index));
      const world = new CrashWorld({ directory, seed: seed + index, program });
      worlds.push({ world, seed: seed + index, directory });
      await world.run(share);
    }
  };
  await Promise.all(Array.from({ length: WORLDS_AT_ONCE }, runWorlds));
  const sum = (figureOf: (world: CrashWorld) => number): number =>
    worlds.reduce((total, { world }) => total + figureOf(world), 0);
  const violations = worlds.flatMap(({ world, ...where }) =>
    world.ledger.violations.map((violation) => ({ ...violation, ...where })),
  );
  if (violations.length === 0) await rmdir(root);
  return {
    seed,
    kills: sum((world) => world.kills),
    restarts: sum((world) => world.restarts),
    acknowledgedTurns: sum((world) => world.ledger.acknowledgedTurns),
    acknowledgedRequests: sum((world) => world.ledger.acknowledgedRequests),
    lost: violations.filter(({ kind }) => kind === 'lost').length,
    repairedCalls: sum((world) => world.repairedCalls),
    met: {
      turns: sum((world) => world.met.turns),
      commands: sum((world) => world.met.commands),
      questions: sum((world) => world.met.questions),
      starts: sum((world) => world.met.starts),
      newborns: sum((world) => world.met.newborns),
    },
    violations,
    durationMs: performance.now() - startedAt,
  };
}
