import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The parts of a `package.json` that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** A package of this repository. */
export interface LocalPackage {
  /** Relative to the root of the repository. */
  readonly directory: string;
  readonly manifest: Manifest;
}

/** A published package and its tarball. */
export interface PackedPackage extends LocalPackage {
  /** Absolute. */
  readonly tarball: string;
}

/** Every package under `packages/`, by name of its folder. Call it at the root of the repository. */
function localPackages(): readonly LocalPackage[] {
  return readdirSync('packages')
    .sort()
    .map((folder) => join('packages', folder))
    .map((directory) => ({ directory, manifest: readManifest(directory) }));
}

/** The packages that are published. */
function publishedPackages(): readonly LocalPackage[] {
  return localPackages().filter(({ manifest }) => manifest.private !== true);
}

/** Packs every published package into a folder, as a publish would, with whatever `dist` holds now. */
export function packPublished(destination: string): readonly PackedPackage[] {
  const published = publishedPackages();
  const workspaces = published.flatMap(({ manifest }) => ['--workspace', manifest.name]);
  const report = execFileSync('npm', ['pack', '--json', '--pack-destination', destination, ...workspaces], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed: readonly { readonly name: string; readonly filename: string }[] = JSON.parse(report);
  const filenames = new Map(packed.map(({ name, filename }) => [name, filename]));
  return published.map((local) => {
    const filename = filenames.get(local.manifest.name);
    if (filename === undefined) throw new Error(`npm pack left out ${local.manifest.name}`);
    return { ...local, tarball: resolve(destination, filename) };
  });
}

/** The public subpaths of a package that a program can import, such as `@millrace/client/in-process`. */
export function publicSubpaths({ name, exports }: Manifest): readonly string[] {
  return Object.keys(exports ?? {})
    .filter((subpath) => !subpath.endsWith('.json'))
    .map((subpath) => name + subpath.slice(1));
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}
