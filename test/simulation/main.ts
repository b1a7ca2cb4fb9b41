import { runThreadLives } from './thread-life-run.js';

/** Seeds of the full run, unless the command line names another number. */
const SEEDS = 10_000;

const count = Number(process.argv[2] ?? SEEDS);
const startedMs = performance.now();
const reached = await runThreadLives({ count });
console.log(`thread life: ${count} seeds in ${Math.round((performance.now() - startedMs) / 1_000)} s`);
console.log(reached);
