import { runThreadLives } from './thread-life-run.js';

/** Seeds of the full run, unless the command line names another number, and perhaps the first of them. */
const SEEDS = 10_000;

const count = Number(process.argv[2] ?? SEEDS);
const first = Number(process.argv[3] ?? 1);
const startedMs = performance.now();
const reached = await runThreadLives({ first, count });
console.log(
  `thread life: seeds ${first} to ${first + count - 1} in ${Math.round((performance.now() - startedMs) / 1_000)} s`,
);
console.log(reached);
