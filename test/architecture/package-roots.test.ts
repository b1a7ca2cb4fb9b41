import { isBuiltin } from 'node:module';
import { describe, expect, it, test } from 'vitest';
import { reachableModules } from './reachable-modules.js';
import { readRepositoryFile, readSources, type SourceFile } from './source-file.js';

/** Packages whose root a browser or another runtime may load. */
const NEUTRAL_ROOTS = ['protocol', 'channel', 'client'] as const;

function entryOf(specifier: string): string | undefined {
  const [scope, folder, ...rest] = specifier.split('/');
  if (scope !== '@millrace' || folder === undefined) return undefined;
  const { exports } = JSON.parse(readRepositoryFile(`packages/${folder}/package.json`));
  const source: string = exports[['.', ...rest].join('/')]['millrace-source'];
  return `packages/${folder}/${source.slice('./'.length)}`;
}

describe('package roots', () => {
  test.each(NEUTRAL_ROOTS)('the root of %s reaches no Node built-in', (folder) => {
    const entry = `packages/${folder}/src/index.ts`;
    const { files, externals } = reachableModules(entry, readSources(), entryOf);
    expect(files).toContain(entry);
    expect(externals.filter(isBuiltin)).toEqual([]);
  });

  it('of the client reaches neither the server, nor a transport, nor rxjs', () => {
    const { files, externals } = reachableModules('packages/client/src/index.ts', readSources(), entryOf);
    const packages = new Set(files.map((path) => path.split('/')[1]));
    expect(
      [...packages].filter((folder) => !['client', 'protocol', 'channel'].includes(folder ?? '')),
    ).toEqual([]);
    expect(externals.filter((name) => !['zod'].includes(name))).toEqual([]);
  });

  it('of the channel depends on nothing at all', () => {
    const { externals } = reachableModules('packages/channel/src/index.ts', readSources(), entryOf);
    expect(externals).toEqual([]);
  });
});

describe('the search for what a root reaches', () => {
  const file = (path: string, text: string): SourceFile => ({
    packageFolder: path.split('/')[1] ?? '',
    path,
    text,
  });
  const files = [
    file(
      'packages/a/src/index.ts',
      "export { one } from './one.js';\nexport type { T } from './types-only.js';",
    ),
    file('packages/a/src/one.ts', "import { b } from '@millrace/b';\nimport './index.js';"),
    file('packages/b/src/index.ts', "const fs = await import('node:fs');\nimport { z } from 'zod';"),
    file('packages/a/src/types-only.ts', "import 'node:net';"),
  ];
  const entry = (specifier: string): string | undefined =>
    specifier === '@millrace/b' ? 'packages/b/src/index.ts' : undefined;

  it('finds a built-in behind another package, and passes over types', () => {
    const { externals } = reachableModules('packages/a/src/index.ts', files, entry);
    expect(externals).toEqual(['node:fs', 'zod']);
    expect(externals.filter(isBuiltin)).toEqual(['node:fs']);
  });

  it('refuses an import of a file that is not there', () => {
    const broken = [file('packages/a/src/index.ts', "import './gone.js';")];
    expect(() => reachableModules('packages/a/src/index.ts', broken, entry)).toThrow('gone');
  });
});
