/** One module that a file names. */
export interface ImportStatement {
  /** As it stands in the file, such as `./channel.js` or `node:fs`. */
  readonly specifier: string;
  /** True for `import type` and `export type`, which vanish when the file is compiled. */
  readonly isTypeOnly: boolean;
}

const STATEMENT =
  /^[ \t]*(?:import|export)\s+(?<type>type\s+)?(?:[^'";]*?\sfrom\s*)?(?<quote>['"])(?<from>[^'"]+)\k<quote>/gm;
const CALL = /\b(?:import|require)\s*\(\s*(?<quote>['"])(?<from>[^'"]+)\k<quote>\s*\)/g;

/**
 * The modules that a file imports or exports again, statically or by `import()`, in no particular order.
 *
 * Reads text, not syntax: comments are taken out first, and a template text that holds an import at the start of a line counts as
 * one. A list of named types without `import type` counts as a real import, which errs on the strict side.
 */
export function importsOf(text: string): readonly ImportStatement[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = [...code.matchAll(STATEMENT)].map(({ groups }) => ({
    specifier: groups?.from ?? '',
    isTypeOnly: groups?.type !== undefined,
  }));
  const calls = [...code.matchAll(CALL)].map(({ groups }) => ({
    specifier: groups?.from ?? '',
    isTypeOnly: false,
  }));
  return [...statements, ...calls];
}
