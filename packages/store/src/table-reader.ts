import { ConfigError } from './config-error.js';
import type { ConfigTable } from './config-file.js';
import { isTable } from './toml-value.js';

/**
 * Reads one table of a configuration key by key. What is absent reads as null, what has the wrong type throws
 * {@link ConfigError}, and {@link unread} says which keys nobody asked for.
 */
export class TableReader {
  readonly #table: ConfigTable;
  readonly #path: string;
  readonly #asked = new Set<string>();

  /** @param path The dotted name of the table, empty for the root. */
  constructor(table: ConfigTable, path: string) {
    this.#table = table;
    this.#path = path;
  }

  /** A text that is not empty. */
  text(key: string): string | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    if (typeof value !== 'string') throw this.#wrong(key, 'a string', kindOf(value));
    if (value === '') throw this.#wrong(key, 'a string that is not empty', 'an empty one');
    return value;
  }

  /** A text that may be empty. */
  anyText(key: string): string | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    if (typeof value !== 'string') throw this.#wrong(key, 'a string', kindOf(value));
    return value;
  }

  boolean(key: string): boolean | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    if (typeof value !== 'boolean') throw this.#wrong(key, 'true or false', kindOf(value));
    return value;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(key: string, low: number, high: number): number | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    const expected = `a whole number from ${low} to ${high}`;
    if (typeof value !== 'number' || !Number.isInteger(value))
      throw this.#wrong(key, expected, kindOf(value));
    if (value < low || value > high) throw this.#wrong(key, expected, String(value));
    return value;
  }

  /** A number above `low` up to `high`. */
  number(key: string, low: number, high: number): number | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    const expected = `a number above ${low} up to ${high}`;
    if (typeof value !== 'number') throw this.#wrong(key, expected, kindOf(value));
    if (!(value > low && value <= high)) throw this.#wrong(key, expected, String(value));
    return value;
  }

  /** One of a few words. */
  choice<const T extends string>(key: string, choices: readonly T[]): T | null {
    const value = this.text(key);
    if (value === null) return null;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) {
      throw this.#wrong(key, `one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`, `\`${value}\``);
    }
    return found;
  }

  texts(key: string): readonly string[] | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    if (!Array.isArray(value)) throw this.#wrong(key, 'a list of strings', kindOf(value));
    return value.map((entry: unknown) => {
      if (typeof entry !== 'string') throw this.#wrong(key, 'a list of strings', `${kindOf(entry)} in it`);
      return entry;
    });
  }

  table(key: string): TableReader | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    if (!isTable(value)) throw this.#wrong(key, 'a table', kindOf(value));
    return new TableReader(value, this.nameOf(key));
  }

  /** Whether the key is there and is a table, without reading it. */
  isTable(key: string): boolean {
    return this.has(key) && isTable(this.#table[key]);
  }

  /** A list of tables. */
  tables(key: string): readonly TableReader[] | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    if (!Array.isArray(value)) throw this.#wrong(key, 'a list of tables', kindOf(value));
    return value.map((entry: unknown) => {
      if (!isTable(entry)) throw this.#wrong(key, 'a list of tables', `${kindOf(entry)} in it`);
      return new TableReader(entry, this.nameOf(key));
    });
  }

  /** Every key of this table with what `read` makes of it, in the order of the file. */
  each<T>(read: (key: string) => T | null): ReadonlyMap<string, T> {
    const entries = new Map<string, T>();
    for (const key of Object.keys(this.#table)) {
      const value = read(key);
      if (value !== null) entries.set(key, value);
    }
    return entries;
  }

  /** The keys that were there and never asked for, as dotted names. */
  unread(): readonly string[] {
    return Object.keys(this.#table)
      .filter((key) => !this.#asked.has(key))
      .map((key) => this.nameOf(key));
  }

  /** Whether the key is there, without reading it. */
  has(key: string): boolean {
    return Object.hasOwn(this.#table, key);
  }

  nameOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return Object.hasOwn(this.#table, key) ? this.#table[key] : undefined;
  }

  #wrong(key: string, expected: string, found: string): ConfigError {
    const name = this.nameOf(key);
    return new ConfigError(`\`${name}\`: expected ${expected}, found ${found}`, { key: name });
  }
}

/** What a value is, without the value itself: it may be a secret in the wrong place. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a fraction';
  return typeof value === 'object' ? 'a table' : `a ${typeof value}`;
}
