import { posix } from 'node:path';

/** Paths that a text of the repository names, from its root: targets of relative links, and source files of packages. */
export function documentedPaths(documentPath: string, text: string): readonly string[] {
  return [...new Set([...linkedPaths(documentPath, text), ...sourcePaths(text)])];
}

function linkedPaths(documentPath: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\((?<target>[^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(({ groups }) => groups?.target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => posix.join(posix.dirname(documentPath), target));
}

/** `core/src/thread.ts` and `packages/core/src/thread.ts` name the same file. */
function sourcePaths(text: string): readonly string[] {
  return [...text.matchAll(/(?:packages\/)?(?<path>[a-z-]+\/src\/[\w./-]+\.tsx?)\b/g)].map(
    ({ groups }) => `packages/${groups?.path ?? ''}`,
  );
}
