import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atMost, type Measurement } from './measurement.js';
import { median } from './quantile.js';

const ROUNDS = 7;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a program does first, written as a program would: prints the milliseconds from its first line to the first answer. */
const PROGRAM = `
const start = performance.now();
const { startInProcess } = await import('@millrace/client/in-process');
const { scriptedModel } = await import('@millrace/model');
const imported = performance.now();
const client = await startInProcess({ clientInfo: { name: 'bench', title: null, version: '1' }, home: process.argv[1], model: scriptedModel() });
await client.request('thread/loaded/list');
console.log(JSON.stringify({ imported: imported - start, answered: performance.now() - start }));
await client.shutdown();
`;

/** Goal 7: import, start and first answer in a new process, always from the built packages; nothing when they were never built. */
export async function measureColdStart(): Promise<Measurement[]> {
  if (!existsSync(join(ROOT, 'packages/client/dist/in-process.js'))) return [];
  const home = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const imported: number[] = [];
  const answered: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const args = ['--input-type=module', '--eval', PROGRAM, home];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
      const times = JSON.parse(stdout) as { readonly imported: number; readonly answered: number };
      imported.push(times.imported);
      answered.push(times.answered);
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  return [
    {
      goal: 7,
      what: 'import, start and first answer (built packages)',
      value: median(answered),
      unit: 'ms',
      target: atMost(150),
    },
    { goal: 7, what: 'of that, the import', value: median(imported), unit: 'ms' },
  ];
}
