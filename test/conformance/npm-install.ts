import { execFileSync } from 'node:child_process';

/** The reference server is about 400 MB. */
const INSTALL_LIMIT_MS = 600_000;

/**
 * Installs packages from the npm registry into a folder of their own.
 *
 * @throws {Error} with what npm said.
 */
export function npmInstall(
  directory: string,
  packages: readonly string[],
  options: readonly string[] = [],
): void {
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel', 'error'];
  execFileSync('npm', ['install', '--prefix', directory, ...quiet, ...options, ...packages], {
    timeout: INSTALL_LIMIT_MS,
    stdio: 'pipe',
  });
}
