/** The part of `package-lock.json` that matters here: what each entry asks for on some platforms only. */
export interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/**
 * Names the optional dependencies that no entry of the lockfile provides, in the order in which they are asked for.
 *
 * A lockfile that was written on one platform can lack the binaries of another; an install there then succeeds and the program
 * fails later.
 */
export function missingOptionalPackages({ packages }: Lockfile): readonly string[] {
  const entries = Object.keys(packages);
  const wanted = entries.flatMap((entry) => Object.keys(packages[entry]?.optionalDependencies ?? {}));
  const isProvided = (name: string): boolean =>
    entries.some((entry) => entry.endsWith(`node_modules/${name}`));
  return [...new Set(wanted)].filter((name) => !isProvided(name));
}
