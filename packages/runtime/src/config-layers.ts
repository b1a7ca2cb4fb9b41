import { resolve } from 'node:path';
import type { ConfigLayer, ConfigLayerMetadata, ConfigLayerSource } from '@millrace/protocol';
import { type ConfigTable, isTable, type LoadedConfig, versionOf } from '@millrace/store';

/** Keys that may hold secrets, in whatever table they stand: their values are never sent to a client. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'experimental_bearer_token',
  'http_headers',
  'query_params',
  'bearer_token',
  'env',
]);

interface Layer {
  readonly name: ConfigLayerSource;
  readonly version: string;
  readonly table: ConfigTable;
}

/**
 * Where the configuration comes from: keys of the caller over the user's file over that of the machine. What several layers set,
 * the strongest one decides, tables key by key.
 */
export class ConfigLayers {
  /** All layers merged. */
  readonly table: ConfigTable;
  readonly user: LoadedConfig;
  /** From the strongest to the weakest. */
  readonly #layers: readonly Layer[];

  constructor(flags: ConfigTable, user: LoadedConfig, system: LoadedConfig) {
    this.user = user;
    const given: Layer = { name: { type: 'sessionFlags' }, version: versionOf(flags), table: flags };
    this.#layers = [
      ...(Object.keys(flags).length > 0 ? [given] : []),
      { ...user, name: { type: 'user', file: resolve(user.path), profile: null } },
      { ...system, name: { type: 'system', file: system.path } },
    ];
    this.table = this.#layers.map(({ table }) => table).reduceRight(mergeTables, {});
  }

  /** The layer that decides each dotted key, of those that hold a value. */
  origins(): Record<string, ConfigLayerMetadata> {
    const origins = new Map<string, ConfigLayerMetadata>();
    for (const { name, version, table } of this.#layers.toReversed())
      for (const key of dottedKeys(table, '')) origins.set(key, { name, version });
    return Object.fromEntries(origins);
  }

  /** The layers as clients are shown them. */
  describe(): ConfigLayer[] {
    return this.#layers.map(({ name, version, table }) => ({ name, version, config: withoutSecrets(table) }));
  }

  /** The layer that decides a key, and what it says. */
  decider(
    path: readonly string[],
  ): { readonly layer: ConfigLayerMetadata; readonly value: unknown } | undefined {
    for (const { name, version, table } of this.#layers) {
      const value = path.reduce<unknown>((inner, key) => (isTable(inner) ? inner[key] : undefined), table);
      if (value !== undefined) return { layer: { name, version }, value };
    }
    return undefined;
  }
}

/** The table with nothing in the place of what may be a secret. */
export function withoutSecrets(table: ConfigTable): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => {
      if (SECRET_KEYS.has(key)) return [key, null];
      return [key, isTable(value) ? withoutSecrets(value) : value];
    }),
  );
}

/** The first table with the second over it, tables inside merged key by key. */
export function mergeTables(base: ConfigTable, over: ConfigTable): ConfigTable {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    merged.set(key, isTable(before) && isTable(value) ? mergeTables(before, value) : value);
  }
  return Object.fromEntries(merged);
}

function dottedKeys(table: ConfigTable, prefix: string): readonly string[] {
  return Object.entries(table).flatMap(([key, value]) =>
    isTable(value) ? dottedKeys(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}
