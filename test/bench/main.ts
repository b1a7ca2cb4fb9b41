import { fork, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMet, type Measurement } from './measurement.js';
import { PARTS, type Part } from './parts.js';
import { formatSummary, formatTable } from './report.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE_CONDITION = '--conditions=millrace-source';

/**
 * Measures Millrace beside its alternatives and prints the goals with what was reached. Exit code 0 whatever was reached: a busy
 * machine is no failure.
 *
 *     npm run bench -- [--json] [--only <part>] [--source]
 *
 * It builds the packages and measures what users run. `--source` spares the build and measures the sources through tsx, which names
 * every closure when it is made: requests then take about half as long again.
 */
async function main(): Promise<void> {
  const options = {
    json: { type: 'boolean', default: false },
    source: { type: 'boolean', default: false },
    only: { type: 'string' },
    part: { type: 'string' },
  } as const;
  const { json, source, only, part } = parseArgs({ options }).values;
  if (part !== undefined) {
    process.send?.(await findPart(part).measure());
    return;
  }
  if (!source) build();
  const parts = only === undefined ? PARTS : [findPart(only)];
  const execArgv = process.execArgv.filter((option) => source || option !== SOURCE_CONDITION);
  const measurements: Measurement[] = [];
  for (const each of parts) {
    process.stderr.write(`measuring ${each.name} (${source ? 'sources' : 'built packages'}) …\n`);
    measurements.push(...(await measureInChild(each, execArgv)));
  }
  if (json) {
    const rows = measurements.map((each) => ({ ...each, met: isMet(each) }));
    console.log(JSON.stringify(rows, undefined, 2));
  } else console.log(`\n${formatTable(measurements)}\n\n${formatSummary(measurements)}`);
}

/** @throws with the compiler's words when a package does not build. */
function build(): void {
  process.stderr.write('building …\n');
  const { status, stdout, error } = spawnSync('npm', ['run', 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`the build failed; --source measures without it\n${stdout ?? ''}`, { cause: error });
}

function findPart(name: string): Part {
  const part = PARTS.find((each) => each.name === name);
  if (part === undefined)
    throw new Error(`there is no part ${name}; the parts are ${PARTS.map((each) => each.name).join(', ')}`);
  return part;
}

function measureInChild({ name, nodeOptions }: Part, execArgv: readonly string[]): Promise<Measurement[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--part', name], {
      execArgv: [...execArgv, ...nodeOptions],
    });
    let measured: Measurement[] | undefined;
    child.on('message', (message) => {
      measured = message as Measurement[];
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      measured === undefined ? reject(new Error(`${name} ended with ${code}`)) : resolve(measured),
    );
  });
}

await main();
