import { describe, expect, it } from 'vitest';
import { ALLOWED_IMPORTS, forbiddenImports, UNRESTRICTED } from './package-graph.js';
import { packageFolders, readRepositoryFile, readSources, type SourceFile } from './source-file.js';

describe('the package graph', () => {
  it('is kept by every file', () => {
    const sources = readSources();
    expect(sources.length).toBeGreaterThan(100);
    expect(forbiddenImports(sources)).toEqual([]);
  });

  it('names every package, each with packages that stand before it', () => {
    const order = Object.keys(ALLOWED_IMPORTS);
    expect([...order, ...UNRESTRICTED].sort()).toEqual(packageFolders());
    for (const [index, name] of order.entries()) {
      const later = (ALLOWED_IMPORTS[name] ?? []).filter(
        (target) => order.indexOf(target.split('/')[0] ?? '') >= index,
      );
      expect([name, later]).toEqual([name, []]);
    }
  });

  it('is what the manifests declare', () => {
    for (const folder of Object.keys(ALLOWED_IMPORTS)) {
      const { dependencies = {} } = JSON.parse(readRepositoryFile(`packages/${folder}/package.json`));
      const declared = Object.keys(dependencies)
        .filter((name) => name.startsWith('@millrace/'))
        .map((name) => name.slice('@millrace/'.length));
      const allowed = new Set(ALLOWED_IMPORTS[folder]?.map((target) => target.split('/')[0]));
      expect([folder, declared.filter((name) => !allowed.has(name))]).toEqual([folder, []]);
    }
  });
});

describe('the check of the package graph', () => {
  const file = (packageFolder: string, name: string, text: string): SourceFile => ({
    packageFolder,
    path: `packages/${packageFolder}/src/${name}`,
    text,
  });

  it('notices an import against the direction', () => {
    expect(
      forbiddenImports([file('channel', 'queue.ts', "import { LIMITS } from '@millrace/protocol';")]),
    ).toEqual(['packages/channel/src/queue.ts imports protocol']);
  });

  it('notices an adapter that reaches past the ports', () => {
    const reaching =
      "import type { Thread } from '@millrace/core';\nimport type { Clock } from '@millrace/core/ports';";
    expect(forbiddenImports([file('store', 'log.ts', reaching)])).toEqual([
      'packages/store/src/log.ts imports core',
    ]);
  });

  it('lets tests import the testkit, and nothing that is published', () => {
    const text = "import { VirtualClock } from '@millrace/testkit';";
    expect(forbiddenImports([file('model', 'model.test.ts', text)])).toEqual([]);
    expect(forbiddenImports([file('model', 'model.ts', text), file('cli', 'main.ts', text)])).toEqual([
      'packages/model/src/model.ts imports testkit',
      'packages/cli/src/main.ts imports testkit',
    ]);
  });

  it('notices a package that nobody placed', () => {
    const text = "import { LIMITS } from '@millrace/protocol';";
    expect(forbiddenImports([file('new', 'index.ts', text)])).toEqual([
      'packages/new/src/index.ts imports protocol',
    ]);
  });
});
