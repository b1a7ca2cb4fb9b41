import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMet, type Measurement } from './measurement.js';
import { PARTS, type Part } from './parts.js';
import { formatSummary, formatTable } from './report.js';

/**
 * Measures Millrace beside its alternatives and prints the goals with what was reached. Exit code 0 whatever was reached: a busy
 * machine is no failure.
 *
 *     npm run bench -- [--json] [--only <part>]
 *
 * It measures the built packages, which are what users run. With the condition of the sources it measures those: then tsx names every
 * closure when it is made, and requests take about half as long again.
 */
async function main(): Promise<void> {
  const options = {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    part: { type: 'string' },
  } as const;
  const { json, only, part } = parseArgs({ options }).values;
  if (part !== undefined) {
    process.send?.(await findPart(part).measure());
    return;
  }
  const parts = only === undefined ? PARTS : [findPart(only)];
  const isSource = import.meta.resolve('@millrace/client').endsWith('/src/index.ts');
  const measurements: Measurement[] = [];
  for (const each of parts) {
    process.stderr.write(`measuring ${each.name} (${isSource ? 'sources' : 'built packages'}) …\n`);
    measurements.push(...(await measureInChild(each)));
  }
  if (json) {
    const rows = measurements.map((each) => ({ ...each, met: isMet(each) }));
    console.log(JSON.stringify(rows, undefined, 2));
  } else console.log(`\n${formatTable(measurements)}\n\n${formatSummary(measurements)}`);
}

function findPart(name: string): Part {
  const part = PARTS.find((each) => each.name === name);
  if (part === undefined)
    throw new Error(`there is no part ${name}; the parts are ${PARTS.map((each) => each.name).join(', ')}`);
  return part;
}

function measureInChild({ name, nodeOptions }: Part): Promise<Measurement[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--part', name], {
      execArgv: [...process.execArgv, ...nodeOptions],
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
