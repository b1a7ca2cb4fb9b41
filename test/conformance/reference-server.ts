import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { npmInstall } from './npm-install.js';

/** The release whose behaviour counts. */
const PACKAGE = '@openai/codex@0.169.0';

const GENERATE_LIMIT_MS = 60_000;

/** The published reference server, to compare with. */
export interface ReferenceServer {
  readonly command: readonly [string, ...string[]];
  /** What it says its own schema is, experimental parts included. */
  readonly schemaDirectory: string;
}

/**
 * Installs the reference server from the npm registry into a folder, unless it is there already, and has it write its JSON Schema.
 *
 * @throws {Error} with what npm or the server said when either fails.
 */
export function installReferenceServer(directory: string): ReferenceServer {
  const executable = join(directory, 'node_modules/.bin/codex');
  if (!existsSync(executable)) npmInstall(directory, [PACKAGE]);
  const schemaDirectory = join(directory, 'schema');
  mkdirSync(schemaDirectory, { recursive: true });
  const args = ['app-server', 'generate-json-schema', '--experimental', '--out', schemaDirectory];
  execFileSync(executable, args, {
    timeout: GENERATE_LIMIT_MS,
    stdio: 'pipe',
    env: { ...process.env, CODEX_HOME: schemaDirectory },
  });
  return { command: [executable, 'app-server'], schemaDirectory };
}
