import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type CrashReport, runCrashes } from './crash-run.js';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const FORGETFUL = fileURLToPath(new URL('forgetful-server.ts', import.meta.url));

/**
 * Kills real servers at seeded points while turns run, and looks at what the next one finds. Exit code 1 where a promise was broken.
 *
 *     npm run crash -- [--kills 500] [--seed 1] [--json] [--control]
 *
 * With `--control` the servers say that a turn is on disk before they write it, so that the run has to fail.
 */
async function main(): Promise<void> {
  const options = {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    control: { type: 'boolean', default: false },
  } as const;
  const { kills, seed, json, control } = parseArgs({ options }).values;
  const report = await runCrashes({
    kills: Number(kills),
    seed: Number(seed),
    program: control
      ? [process.execPath, '--import', import.meta.resolve('tsx'), '--conditions=millrace-source', FORGETFUL]
      : [process.execPath, MAIN, 'app-server'],
  });
  console.log(json ? JSON.stringify(report, undefined, 2) : describe(report));
  if (report.violations.length > 0) process.exitCode = 1;
}

function describe(report: CrashReport): string {
  const { met, violations } = report;
  return [
    `seed ${report.seed}: ${report.kills} servers killed, ${report.restarts} started, ${(report.durationMs / 1_000).toFixed(1)} s`,
    `acknowledged: ${report.acknowledgedTurns} turns, ${report.acknowledgedRequests} requests; lost: ${report.lost}`,
    `killed with: ${met.turns} running turns, ${met.commands} running commands, ${met.questions} open questions, ${met.starts} while starting`,
    `processes that were just being started and live on: ${met.newborns}`,
    `calls that were cut off and repaired, in the requests of the model: ${report.repairedCalls}`,
    ...violations.map(
      (each) => `BROKEN ${each.kind}: ${each.detail} (world of seed ${each.seed} in ${each.directory})`,
    ),
  ].join('\n');
}

await main();
