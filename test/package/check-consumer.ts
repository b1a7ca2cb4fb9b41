/**
 * Installs every published package from its tarball into an empty project, as somebody who uses them would: imports each public
 * subpath from plain JavaScript, compiles a program against the shipped types without skipping any, and runs it. Needs a build.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type PackedPackage, packPublished, publicSubpaths } from './packages.js';

/** One command of the check may take this long, in milliseconds; the whole of it takes about 20 seconds. */
const COMMAND_LIMIT_MS = 120_000;

const root = process.cwd();
const directory = mkdtempSync(join(tmpdir(), 'millrace-consumer-'));
try {
  const packed = packPublished(makeDirectory('tarballs'));
  const project = makeDirectory('project');
  installTarballs(project, packed);
  importSubpaths(
    project,
    packed.flatMap(({ manifest }) => publicSubpaths(manifest)),
  );
  runQuickStart(project);
  runCommands(project, packed);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function makeDirectory(name: string): string {
  const path = join(directory, name);
  mkdirSync(path);
  return path;
}

function installTarballs(project: string, packed: readonly PackedPackage[]): void {
  const dependencies = Object.fromEntries(
    packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
  );
  writeJson(join(project, 'package.json'), { name: 'consumer', private: true, type: 'module', dependencies });
  run(project, 'npm', [
    'install',
    '--prefer-offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel',
    'error',
  ]);
  console.log(`ok   installed ${packed.length} tarballs`);
}

function importSubpaths(project: string, subpaths: readonly string[]): void {
  const lines = subpaths.map((subpath, index) => `import * as module${index} from '${subpath}';`);
  const counts = subpaths.map((subpath, index) => `  ['${subpath}', Object.keys(module${index}).length],`);
  const program = [...lines, 'console.log(JSON.stringify([', ...counts, ']));', ''].join('\n');
  writeFileSync(join(project, 'import-everything.js'), program);
  const exported: readonly (readonly [string, number])[] = JSON.parse(
    run(project, 'node', ['import-everything.js']),
  );
  for (const [subpath, count] of exported) console.log(`ok   ${subpath} exports ${count} values`);
}

function runQuickStart(project: string): void {
  copyFileSync(join(root, 'test/package/consumer/quick-start.ts'), join(project, 'quick-start.ts'));
  writeJson(join(project, 'tsconfig.json'), {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      typeRoots: [resolve(root, 'node_modules/@types')],
      types: ['node'],
    },
    files: ['quick-start.ts'],
  });
  run(project, resolve(root, 'node_modules/.bin/tsc'), ['-p', '.']);
  const output = run(project, 'node', ['quick-start.js']).trim();
  if (output !== 'It works.') throw new Error(`the quick start printed ${JSON.stringify(output)}`);
  console.log('ok   the quick start compiles against the shipped types and runs');
}

function runCommands(project: string, packed: readonly PackedPackage[]): void {
  for (const { manifest } of packed) {
    for (const command of Object.keys(manifest.bin ?? {})) {
      const version = run(project, join(project, 'node_modules/.bin', command), ['--version']).trim();
      if (!version.endsWith(manifest.version))
        throw new Error(`${command} --version printed ${JSON.stringify(version)}`);
      console.log(`ok   ${command} --version prints ${version}`);
    }
  }
}

/** Runs a command to its end and returns what it printed. Throws with everything it said when it fails. */
function run(cwd: string, command: string, args: readonly string[]): string {
  const env = { ...process.env, MILLRACE_HOME: join(cwd, 'home'), NODE_OPTIONS: '' };
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', timeout: COMMAND_LIMIT_MS });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
