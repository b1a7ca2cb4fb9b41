import type { ConfigTable } from './config-file.js';
import { scanToml, startsWith, type TomlPair } from './toml-scanner.js';
import { canonicalText, isTable, writeKey, writeValue } from './toml-value.js';

type Path = readonly string[];

/** One key that is to have another value, or none. */
interface Change {
  readonly path: Path;
  /** Undefined removes the key. */
  readonly value: unknown;
}

/**
 * The changes that make one table of another. Tables that both have are compared key by key, so that what stays the same is not
 * written again.
 */
export function tableChanges(before: ConfigTable, after: ConfigTable, path: Path = []): readonly Change[] {
  const removed = Object.keys(before)
    .filter((key) => !Object.hasOwn(after, key))
    .map((key): Change => ({ path: [...path, key], value: undefined }));
  const set = Object.entries(after).flatMap(([key, value]): readonly Change[] => {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    if (canonicalText(old) === canonicalText(value)) return [];
    if (isTable(old) && isTable(value)) return tableChanges(old, value, [...path, key]);
    return [{ path: [...path, key], value }];
  });
  return [...removed, ...set];
}

/**
 * The text with those changes and nothing else: comments, order, and the way in which values are written stay where the values do.
 *
 * A table that is written inline is written anew as a whole; a new table comes at the end. Some shapes of TOML cannot be edited
 * like this, so the caller must read the result and compare.
 *
 * @param after The table that the result stands for.
 */
export function editToml(text: string, changes: readonly Change[], after: ConfigTable): string {
  return changes.reduce(
    (edited, { path, value }) =>
      value === undefined ? remove(edited, path, after) : put(edited, path, value, after),
    text,
  );
}

function put(text: string, path: Path, value: unknown, after: ConfigTable): string {
  const pairs = pairsOf(text);
  const exact = pairs.find((pair) => isSame(pair.path, path));
  if (exact !== undefined) return replaceValue(text, exact, value);
  const around = pairs.find((pair) => startsWith(path, pair.path));
  if (around !== undefined) return replaceValue(text, around, valueAt(after, around.path));
  return insert(remove(text, path, after), path, value);
}

function remove(text: string, path: Path, after: ConfigTable): string {
  const statements = scanToml(text).filter((statement) => startsWith(statement.path, path));
  if (statements.length === 0) {
    const around = pairsOf(text).find((pair) => startsWith(path, pair.path));
    return around === undefined ? text : replaceValue(text, around, valueAt(after, around.path));
  }
  return statements.reduceRight((kept, { start, end }) => kept.slice(0, start) + kept.slice(end), text);
}

/** Adds a key that is not there. */
function insert(text: string, path: Path, value: unknown): string {
  if (isTable(value)) return append(text, sectionLines(path, value));
  const parent = path.slice(0, -1);
  const statements = scanToml(text);
  const inSection = pairsOf(text).filter((pair) => isSame(pair.section, parent));
  const header = statements.find(({ type, path: at }) => type === 'table' && isSame(at, parent));
  const neighbour = inSection.at(-1) ?? header;
  if (neighbour !== undefined) return insertLine(text, neighbour.end, line(path.slice(parent.length), value));
  if (parent.length === 0) {
    const isAlone = statements.length === 0;
    return isAlone
      ? append(text, [line(path, value)])
      : insertLine(text, 0, `${line(path, value)}${newlineOf(text)}`);
  }
  const dotted = pairsOf(text).findLast(
    (pair) => pair.section.length < parent.length && startsWith(pair.path, parent),
  );
  if (dotted !== undefined)
    return insertLine(text, dotted.end, line(path.slice(dotted.section.length), value));
  return append(text, [`[${writeKey(parent)}]`, line(path.slice(parent.length), value)]);
}

/** A table as a section of its own, tables inside it as sections after it. */
function sectionLines(path: Path, table: ConfigTable): readonly string[] {
  const entries = Object.entries(table);
  const pairs = entries.filter(([, value]) => !isTable(value)).map(([key, value]) => line([key], value));
  const sections = entries.flatMap(([key, value]) =>
    isTable(value) ? ['', ...sectionLines([...path, key], value)] : [],
  );
  return [`[${writeKey(path)}]`, ...pairs, ...sections];
}

function line(key: Path, value: unknown): string {
  return `${writeKey(key)} = ${writeValue(value)}`;
}

function insertLine(text: string, at: number, added: string): string {
  const newline = newlineOf(text);
  const before = text.slice(0, at);
  const gap = before === '' || before.endsWith('\n') ? '' : newline;
  return `${before}${gap}${added}${newline}${text.slice(at)}`;
}

/** Adds lines at the end, after a blank one where they begin a section. */
function append(text: string, lines: readonly string[]): string {
  const newline = newlineOf(text);
  const before = text === '' || text.endsWith('\n') ? text : `${text}${newline}`;
  const gap = before === '' || !lines[0]?.startsWith('[') || /\n\r?\n$/.test(before) ? '' : newline;
  return `${before}${gap}${lines.join(newline)}${newline}`;
}

function replaceValue(text: string, { valueStart, valueEnd }: TomlPair, value: unknown): string {
  return `${text.slice(0, valueStart)}${writeValue(value)}${text.slice(valueEnd)}`;
}

function pairsOf(text: string): readonly TomlPair[] {
  return scanToml(text).filter(
    (statement): statement is TomlPair => statement.type === 'pair' && !statement.isInElement,
  );
}

function valueAt(table: ConfigTable, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (isTable(inner) ? inner[key] : undefined), table) ?? {};
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && startsWith(a, b);
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
