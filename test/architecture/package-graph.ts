import { importsOf } from './import-statement.js';
import { isTest, type SourceFile } from './source-file.js';

/**
 * What each package may import of this repository, and nothing else. Ports and values of core are two things: an adapter sees
 * `core/ports` only. The packages stand in the order of their levels, so that each one only names packages above it.
 */
export const ALLOWED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  channel: [],
  core: ['protocol', 'channel'],
  transport: ['protocol', 'channel'],
  store: ['protocol', 'channel', 'core/ports'],
  model: ['protocol', 'channel', 'core/ports'],
  'exec-server': ['protocol', 'channel', 'core/ports', 'transport'],
  mcp: ['protocol', 'channel', 'core/ports'],
  server: ['protocol', 'channel', 'core', 'core/ports', 'transport'],
  runtime: ['protocol', 'channel', 'core', 'core/ports', 'server', 'store', 'model', 'mcp', 'exec-server'],
  client: ['protocol', 'channel', 'runtime', 'transport'],
  exec: ['protocol', 'client', 'client/in-process'],
};

/** Packages that may import everything. Nothing published may import the testkit; its place in tests is checked apart. */
export const UNRESTRICTED: readonly string[] = ['cli', 'testkit'];

/** An import that the package graph does not allow, as `file imports what`; none when the files keep to it. */
export function forbiddenImports(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    importsOf(file.text)
      .map(({ specifier }) => workspaceTarget(specifier))
      .filter((target) => target !== undefined)
      .filter((target) => !isAllowed(file, target))
      .map((target) => `${file.path} imports ${target}`),
  );
}

function isAllowed(file: SourceFile, target: string): boolean {
  const { packageFolder } = file;
  const isOwn = target === packageFolder;
  if (isTest(file)) return isOwn || target === 'testkit' || isPublished(packageFolder, target);
  return (
    !isOwn && (target !== 'testkit' || packageFolder === 'testkit') && isPublished(packageFolder, target)
  );
}

function isPublished(packageFolder: string, target: string): boolean {
  return UNRESTRICTED.includes(packageFolder) || (ALLOWED_IMPORTS[packageFolder]?.includes(target) ?? false);
}

/** `@millrace/core/ports` is `core/ports`; what does not belong to this repository is nothing. */
function workspaceTarget(specifier: string): string | undefined {
  return specifier.startsWith('@millrace/') ? specifier.slice('@millrace/'.length) : undefined;
}
