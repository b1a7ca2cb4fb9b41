import { stringify } from 'smol-toml';
import type { ConfigTable } from './config-file.js';

/** Whether a value is a table, and not a list or a date. */
export function isTable(value: unknown): value is ConfigTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A key as it is written: bare where that is possible. */
export function writeKey(path: readonly string[]): string {
  return path.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : writeText(part))).join('.');
}

/** A value on one line. Tables inside are inline. What is undefined or null is left out, as TOML has no word for it. */
export function writeValue(value: unknown): string {
  if (typeof value === 'string') return writeText(value);
  if (Array.isArray(value)) return `[${value.map(writeValue).join(', ')}]`;
  if (isTable(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${writeKey([key])} = ${writeValue(inner)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  if (value instanceof Date) return stringify({ value }).slice('value = '.length).trimEnd();
  return typeof value === 'number' && !Number.isFinite(value) ? 'nan' : String(value);
}

/** The same text for the same value, whatever the order of its keys. A table without keys counts as absent. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (isTable(inner) ? sortedTable(inner) : inner)) ?? '';
}

function sortedTable(table: ConfigTable): ConfigTable {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, value]) => !isVoid(value))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isVoid(value: unknown): boolean {
  return isTable(value) && Object.values(value).every(isVoid);
}

function writeText(text: string): string {
  // JSON escapes what TOML wants escaped, but for one control character.
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}
