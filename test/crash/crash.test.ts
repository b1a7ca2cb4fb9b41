import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CrashReport, runCrashes } from './crash-run.js';

const SOURCE = [
  process.execPath,
  '--import',
  import.meta.resolve('tsx'),
  '--conditions=millrace-source',
] as const;
const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const FORGETFUL = fileURLToPath(new URL('forgetful-server.ts', import.meta.url));

async function crashes(kills: number, ...program: readonly string[]): Promise<CrashReport> {
  const report = await runCrashes({ kills, seed: 5, program: [...SOURCE, ...program] });
  onTestFinished(async () => {
    for (const { directory } of report.violations) await rm(directory, { recursive: true, force: true });
  });
  return report;
}

describe('a server that is killed at any moment', () => {
  it('loses nothing that it promised, opens again, and leaves nothing running (TS-1, TS-2, TS-5, TS-8, TS-10, SD-5, SD-8, AP-4)', async () => {
    const report = await crashes(4, MAIN, 'app-server');
    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({ kills: 4, restarts: 5, lost: 0 });
    expect(report.acknowledgedTurns).toBeGreaterThan(0);
  });

  it('is found out when it says that it wrote what it did not: the control', async () => {
    expect((await crashes(2, FORGETFUL)).lost).toBeGreaterThan(0);
  });
});
