import { expect, test } from 'vitest';
import { packageFolders, readRepositoryFile } from './source-file.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>> | string>>;
}

const manifests = packageFolders().map(
  (folder): Manifest => JSON.parse(readRepositoryFile(`packages/${folder}/package.json`)),
);

test('the public subpaths are these', () => {
  const subpaths = manifests
    .filter((manifest) => manifest.private !== true)
    .flatMap(({ name, exports }) => Object.keys(exports).map((subpath) => name + subpath.slice(1)))
    .filter((subpath) => !subpath.endsWith('/package.json'));
  expect(subpaths).toMatchInlineSnapshot(`
    [
      "@millrace/channel",
      "@millrace/cli",
      "@millrace/client",
      "@millrace/client/in-process",
      "@millrace/client/remote",
      "@millrace/client/rx",
      "@millrace/client/stdio",
      "@millrace/core",
      "@millrace/core/ports",
      "@millrace/exec",
      "@millrace/exec-server",
      "@millrace/mcp",
      "@millrace/model",
      "@millrace/protocol",
      "@millrace/runtime",
      "@millrace/server",
      "@millrace/store",
      "@millrace/transport",
    ]
  `);
});

test('each subpath offers its source to tests, then types, then what runs', () => {
  for (const { name, exports } of manifests) {
    for (const [subpath, target] of Object.entries(exports)) {
      if (typeof target === 'string') continue;
      expect([name, subpath, Object.keys(target)]).toEqual([
        name,
        subpath,
        ['millrace-source', 'types', 'default'],
      ]);
      const compiled = target['millrace-source']?.replace('./src/', './dist/').replace(/\.tsx?$/, '');
      expect([target.types, target.default]).toEqual([`${compiled}.d.ts`, `${compiled}.js`]);
    }
  }
});

test('all packages have one version, and name each other by it', () => {
  const { version } = JSON.parse(readRepositoryFile('package.json'));
  for (const manifest of manifests) {
    const {
      name,
      dependencies = {},
      devDependencies = {},
      optionalDependencies = {},
    } = manifest as Manifest & Record<string, Record<string, string> | undefined>;
    const own = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const others = own.filter(
      ([dependency, range]) => dependency.startsWith('@millrace/') && range !== version,
    );
    expect([name, manifest.version, others]).toEqual([name, version, []]);
  }
});

test('every dependency is pinned to one version', () => {
  for (const manifest of manifests) {
    const {
      name,
      dependencies = {},
      optionalDependencies = {},
    } = manifest as Manifest & Record<string, Record<string, string> | undefined>;
    const loose = Object.entries({ ...dependencies, ...optionalDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
    );
    expect([name, loose]).toEqual([name, []]);
  }
});
