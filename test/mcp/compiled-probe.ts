import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles the probe to plain JavaScript for one test file and returns its path: with a loader of TypeScript it would take three
 * times as long to start, and it is started for nearly every test. It lies where it finds its packages.
 */
export function compileProbe(): string {
  const directory = mkdtempSync(join(ROOT, 'node_modules', '.mcp-probe-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const source = fileURLToPath(new URL('stdio-probe.ts', import.meta.url));
  const how = ['--ignoreConfig', '--noCheck', '--module', 'nodenext', '--target', 'es2022'];
  execFileSync(process.execPath, [compiler, source, ...how, '--outDir', directory]);
  return join(directory, 'stdio-probe.js');
}
