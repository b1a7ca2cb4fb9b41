import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** One TypeScript file of a package. */
export interface SourceFile {
  /** The folder of its package under `packages/`, such as `exec-server`. */
  readonly packageFolder: string;
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Whether a file holds tests and is not published. */
export function isTest({ path }: Pick<SourceFile, 'path'>): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** Every TypeScript file under `packages/<name>/src`, sorted by path. */
export function readSources(): readonly SourceFile[] {
  return packageFolders().flatMap((packageFolder) => {
    const source = join(ROOT, 'packages', packageFolder, 'src');
    return readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .sort()
      .map((name) => ({
        packageFolder,
        path: `packages/${packageFolder}/src/${name.split(sep).join('/')}`,
        text: readFileSync(join(source, name), 'utf8'),
      }));
  });
}

/** The folders under `packages/`, sorted. */
export function packageFolders(): readonly string[] {
  return readdirSync(join(ROOT, 'packages')).sort();
}

/** Reads a file of the repository, by its path from the root. */
export function readRepositoryFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every file below a folder of the repository, by its path from the root, sorted. */
export function listRepositoryFiles(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => `${folder}/${name.split(sep).join('/')}`);
}

/** Whether there is a file or a folder at that path from the root. */
export function repositoryFileExists(path: string): boolean {
  return existsSync(join(ROOT, path));
}
