import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCuts } from './cut-run.js';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));

/**
 * Kills child servers and cuts sockets at seeded moments while a client works. Exit code 1 where a call hung or was told a wrong cause, or
 * a process was left.
 *
 *     npm run cut -- [--times 200] [--seed 1] [--json] [--control]
 *
 * With `--control` nothing is cut, so that the run has to fail.
 */
const options = {
  times: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  control: { type: 'boolean', default: false },
} as const;
const { times, seed, json, control } = parseArgs({ options }).values;
const report = await runCuts({
  times: Number(times),
  seed: Number(seed),
  program: [process.execPath, MAIN, 'app-server'],
  cuts: !control,
});
const { settled } = report;
const ways = Object.entries(report.ways).map(([way, count]) => `${count} ${way}`);
console.log(
  json
    ? JSON.stringify(report, undefined, 2)
    : [
        `seed ${report.seed}: ${report.times} cuts (${ways.join(', ')}; ${report.early} while connecting), ${(report.durationMs / 1_000).toFixed(1)} s`,
        `calls that waited at a cut: ${report.waiting}`,
        `calls: ${Object.entries(settled)
          .map(([as, count]) => `${count} ${as}`)
          .join(', ')}`,
        `processes left: ${report.left.length}`,
        ...report.left.map((commandLine) => `LEFT ${commandLine}`),
        ...report.violations.map((each) => `BROKEN ${each}`),
      ].join('\n'),
);
if (report.violations.length > 0 || report.left.length > 0) process.exitCode = 1;
