import type { ConfigTable } from './config-file.js';
import { parseKeyPath } from './config-key-path.js';
import { isTable } from './toml-value.js';

/** One change that a client asks for. */
export interface ConfigEdit {
  /** Dotted, for example `model_providers.local.base_url` or `features."a.b"`. */
  readonly keyPath: string;
  /** A JSON value; null removes the key. */
  readonly value: unknown;
  /** `upsert` merges a table into the one that is there; `replace` puts it in its place. */
  readonly mergeStrategy: 'replace' | 'upsert';
}

/** Keys that select sets of settings in files of old; they may stand there, but nothing reads them. */
const LEGACY: ReadonlyMap<string, string> = new Map([
  [
    'profile',
    '`profile` is a legacy config selector and can no longer be written; use `--profile <name>` with `<name>.config.toml` instead',
  ],
  [
    'profiles',
    '`profiles` contains legacy config profile tables and can no longer be written; use `--profile <name>` with `<name>.config.toml` instead',
  ],
]);

/** The table with the edits made in their order; a text for clients says why one of them cannot be made, and then none counts. */
export function applyEdits(table: ConfigTable, edits: readonly ConfigEdit[]): ConfigTable | string {
  let edited = table;
  for (const { keyPath, value, mergeStrategy } of edits) {
    const path = parseKeyPath(keyPath);
    if (typeof path === 'string') return path;
    const legacy = LEGACY.get(path[0] ?? '');
    if (legacy !== undefined) return legacy;
    if (value !== null && holdsNull(value))
      return 'invalid value: invalid type: null, expected any valid TOML value';
    const next = setAt(edited, path, value, mergeStrategy);
    if (next === undefined) return 'cannot set value on non-table parent';
    edited = next;
  }
  return edited;
}

/** Undefined where something on the way to the key is no table. */
function setAt(
  table: ConfigTable,
  [key = '', ...rest]: readonly string[],
  value: unknown,
  strategy: ConfigEdit['mergeStrategy'],
): ConfigTable | undefined {
  const old = Object.hasOwn(table, key) ? table[key] : undefined;
  if (rest.length === 0) return withKey(table, key, strategy === 'upsert' ? merge(old, value) : value);
  if (old === undefined && value === null) return table;
  if (old !== undefined && !isTable(old)) return value === null ? table : undefined;
  const inner = setAt(old ?? {}, rest, value, strategy);
  return inner === undefined ? undefined : withKey(table, key, inner);
}

function withKey(table: ConfigTable, key: string, value: unknown): ConfigTable {
  const entries = Object.entries(table).filter(([known]) => known !== key || value !== null);
  return Object.fromEntries(value === null ? entries : [...entries, [key, value]]);
}

function merge(old: unknown, value: unknown): unknown {
  if (!isTable(old) || !isTable(value)) return value;
  return Object.entries(value).reduce<ConfigTable>(
    (merged, [key, inner]) =>
      withKey(merged, key, merge(Object.hasOwn(merged, key) ? merged[key] : undefined, inner)),
    old,
  );
}

function holdsNull(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.values(value).some(holdsNull);
}
