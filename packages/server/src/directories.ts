import { LIMITS } from '@millrace/protocol';
import { invalidRequest } from './rpc-error.js';
import type { Services } from './services.js';

/**
 * The directories that a request is about: those that it names, resolved, else the server's working directory.
 *
 * @throws {RpcError} `invalidRequest` for more than `LIMITS.directoriesPerRequest`.
 */
export function directories(
  cwds: readonly string[] | null | undefined,
  { identity }: Services,
): readonly string[] {
  checkDirectoryCount(cwds ?? []);
  return (cwds?.length ? cwds : ['.']).map((cwd) => identity.resolvePath(cwd));
}

/** @throws {RpcError} `invalidRequest` for more than `LIMITS.directoriesPerRequest`. */
export function checkDirectoryCount(paths: readonly string[]): void {
  const { directoriesPerRequest: most } = LIMITS;
  if (paths.length > most) throw invalidRequest(`${paths.length} directories are over the limit of ${most}`);
}
