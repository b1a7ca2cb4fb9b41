import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CutReport, runCuts } from './cut-run.js';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const SOURCE = [
  process.execPath,
  '--import',
  import.meta.resolve('tsx'),
  '--conditions=millrace-source',
] as const;

function cuts(times: number, options: { readonly cuts?: boolean } = {}): Promise<CutReport> {
  return runCuts({ times, seed: 11, program: [...SOURCE, MAIN, 'app-server'], ...options });
}

describe('a connection that is cut at any moment', () => {
  it('settles every call with the cause, hangs none and leaves no process (RQ-6, SD-5)', async () => {
    const report = await cuts(12);
    expect(report.violations).toEqual([]);
    expect(report.left).toEqual([]);
    expect(report.ways).toEqual({ 'child killed': 3, 'server killed': 2, 'socket cut': 7 });
    expect(report.settled).toMatchObject({ hung: 0, 'wrong cause': 0 });
    expect(report.settled['told of the cut']).toBeGreaterThan(10);
  });

  it('is found out where it is not cut: the control', async () => {
    expect((await cuts(2, { cuts: false })).settled.hung).toBeGreaterThan(0);
  });
});
