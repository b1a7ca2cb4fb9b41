import { runApprovalSchedules } from './approval-schedules.js';

/** The schedules of a release; the tests run the first of them. */
const SCHEDULES = 10_000;

/**
 * Runs all schedules of approvals and prints what they reached. Exits with an error that names the seed when a promise is broken.
 *
 *     npm run check:approvals
 */
async function main(): Promise<void> {
  const started = performance.now();
  const reached = await runApprovalSchedules(SCHEDULES);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  for (const [name, count] of Object.entries(reached)) console.log(`${name.padEnd(16)}${count}`);
  console.log(`\n${SCHEDULES} schedules in ${seconds} s: 0 commands run without accept`);
}

await main();
