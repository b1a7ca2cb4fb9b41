import type { Services } from './services.js';

/** The directories that a request is about: those that it names, resolved, else the server's working directory. */
export function directories(
  cwds: readonly string[] | null | undefined,
  { identity }: Services,
): readonly string[] {
  return (cwds?.length ? cwds : ['.']).map((cwd) => identity.resolvePath(cwd));
}
