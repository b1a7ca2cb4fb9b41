import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ConfigTable,
  type InterpretedConfig,
  interpretConfig,
  isTable,
  loadConfig,
} from '@millrace/store';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');

interface Row {
  readonly key: string;
  readonly standard: string | undefined;
  readonly example: string | undefined;
}

const CELL = '(?:–|`([^|]+)`)';
const ROW = new RegExp(`^\\| \`([\\w.<>]+)\` \\| ${CELL} \\| ${CELL} \\|`, 'gm');
const rows: readonly Row[] = [...page.matchAll(ROW)].map(([, key = '', standard, example]) => ({
  // `<name>` stands for any name; the word itself is one.
  key: key.replaceAll(/[<>]/g, ''),
  standard,
  example,
}));

/** A file that says for each row what `choose` makes of it. */
async function fileOf(choose: (row: Row) => string | undefined): Promise<ConfigTable> {
  const lines = rows.flatMap((row) => (choose(row) === undefined ? [] : [`${row.key} = ${choose(row)}`]));
  const bytes = new TextEncoder().encode(lines.join('\n'));
  return (await loadConfig('docs/configuration.md', { readFile: async () => bytes })).table;
}

/** Understands a file, and tells `seen` every key that is asked for, whether or not it is there. */
function interpretWatched(table: ConfigTable, seen: (key: string) => void): InterpretedConfig {
  const watch = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((entry) => watch(entry, path));
    if (!isTable(value)) return value;
    const inside = Object.entries(value).map(([key, inner]) => [key, watch(inner, `${path}${key}.`)]);
    return new Proxy(Object.fromEntries(inside), {
      getOwnPropertyDescriptor: (target, key) => {
        seen(`${path}${String(key)}`);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    });
  };
  return interpretConfig(watch(table, '') as ConfigTable);
}

test('every key of the page of the configuration is read, with a value that it can have', async () => {
  expect(rows.length).toBeGreaterThan(40);
  const { warnings } = interpretConfig(await fileOf(({ standard, example }) => example ?? standard));
  expect(warnings).toEqual([]);
});

test('every key that is read stands in the page of the configuration', async () => {
  const asked = new Set<string>();
  const table = await fileOf(({ standard, example }) => example ?? standard);
  interpretWatched(table, (key) => asked.add(key));
  const shown = new Set<string>();
  const show = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const entry of value) show(entry, path);
    if (!isTable(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      shown.add(`${path}${key}`);
      show(inner, `${path}${key}.`);
    }
  };
  show(table, '');
  // The page tells what both kinds of servers have once.
  const merged = (key: string): string => key.replace(/^mcp_servers\.(program|address)\./, 'mcp_servers.');
  const told = new Set([...shown].map(merged));
  expect([...asked].map(merged).filter((key) => !told.has(key))).toEqual([]);
});

test('what the page of the configuration calls a default changes nothing', async () => {
  const without = interpretConfig(await fileOf(({ standard, example }) => (standard ? undefined : example)));
  const withDefaults = interpretConfig(await fileOf(({ standard, example }) => standard ?? example));
  expect(withDefaults).toEqual(without);
});

test('the keys that the page of the configuration leaves to clients are no surprise to anybody', () => {
  const list = /mean nothing to Millrace: ([^.]+)\./.exec(page)?.[1] ?? '';
  const keys = [...list.matchAll(/`(\w+)`/g)].map(([, key = '']) => key);
  expect(keys.length).toBeGreaterThan(10);
  expect(interpretConfig(Object.fromEntries(keys.map((key) => [key, 1]))).warnings).toEqual([]);
});

test('every environment variable that is read stands in the page of the configuration', () => {
  const read = sources().flatMap((text) => [
    ...text.matchAll(/(?:env|environment)\.([A-Z][A-Z_]+)\b|environment\['([A-Z_]+)'\]/g),
  ]);
  const names = new Set(read.map(([, dotted, quoted]) => dotted ?? quoted ?? ''));
  expect([...names]).toContain('MILLRACE_HOME');
  expect([...names].filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
});

/** Every file of the packages that is no test. */
function sources(): readonly string[] {
  const packages = join(root, 'packages');
  return readdirSync(packages)
    .map((name) => join(packages, name, 'src'))
    .flatMap((directory) =>
      readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
        .map((path) => readFileSync(join(directory, path), 'utf8')),
    );
}
