import { posix } from 'node:path';
import { importsOf } from './import-statement.js';
import type { SourceFile } from './source-file.js';

/** What a program loads with one entry file. */
export interface Reachable {
  /** Files of the repository, by path, in the order in which they were found; the entry is the first. */
  readonly files: readonly string[];
  /** Everything else, such as `node:fs` or `zod`, sorted. */
  readonly externals: readonly string[];
}

/** Finds the file that a package's subpath stands for: `@millrace/core/ports` → `packages/core/src/ports.ts`. */
export type EntryOf = (specifier: string) => string | undefined;

/**
 * Follows imports from an entry file through its own package and through packages of the repository. Types are not followed, since
 * they load nothing.
 *
 * @throws {Error} when a file imports a file that does not exist.
 */
export function reachableModules(entry: string, files: readonly SourceFile[], entryOf: EntryOf): Reachable {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const externals = new Set<string>();
  const found = new Set([entry]);
  for (const path of found) {
    const file = byPath.get(path);
    if (file === undefined) throw new Error(`there is no ${path}`);
    for (const { specifier, isTypeOnly } of importsOf(file.text)) {
      if (isTypeOnly) continue;
      const target = specifier.startsWith('.') ? relativeTarget(path, specifier, byPath) : entryOf(specifier);
      if (target === undefined) externals.add(specifier);
      else found.add(target);
    }
  }
  return { files: [...found], externals: [...externals].sort() };
}

function relativeTarget(from: string, specifier: string, files: ReadonlyMap<string, SourceFile>): string {
  const compiled = posix.join(posix.dirname(from), specifier);
  const source = compiled.replace(/\.js$/, '.ts');
  return files.has(source) ? source : compiled.replace(/\.js$/, '.tsx');
}
