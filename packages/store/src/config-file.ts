import { createHash } from 'node:crypto';
import { LIMITS } from '@millrace/protocol';
import { parse, TomlError } from 'smol-toml';
import { ConfigError } from './config-error.js';
import { type Disk, diskErrorCode } from './disk.js';
import { canonicalText } from './toml-value.js';

/** A table of TOML as it was read: nothing about its keys or values is checked. */
export type ConfigTable = Readonly<Record<string, unknown>>;

export interface LoadedConfig {
  /** The file that was looked for. */
  readonly path: string;
  /** False when there is no such file; the table is empty then. */
  readonly isPresent: boolean;
  readonly table: ConfigTable;
  /** The text of the file; empty when there is none. */
  readonly text: string;
  /** Changes when what the file says changes, and not with comments or order: `sha256:<hex>`. */
  readonly version: string;
}

/**
 * Reads a TOML file once. A missing file is an empty one.
 *
 * @throws {ConfigError} with `position` for broken syntax; without, when the file cannot be read, is over 1 MiB, or is not
 * UTF-8.
 */
export async function loadConfig(path: string, disk: Pick<Disk, 'readFile'>): Promise<LoadedConfig> {
  const bytes = await readIfPresent(path, disk);
  const text = bytes === undefined ? '' : decodeText(path, bytes);
  const table = parseTable(path, text);
  return { path, isPresent: bytes !== undefined, table, text, version: versionOf(table) };
}

/** The version of a table, as clients name it to say what they have read. */
export function versionOf(table: ConfigTable): string {
  return `sha256:${createHash('sha256').update(canonicalText(table)).digest('hex')}`;
}

async function readIfPresent(path: string, disk: Pick<Disk, 'readFile'>): Promise<Uint8Array | undefined> {
  try {
    return await disk.readFile(path, LIMITS.configFileBytes);
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return undefined;
    throw new ConfigError(`cannot read ${path}: ${describe(error)}`, { cause: error });
  }
}

function decodeText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ConfigError(`${path} is not UTF-8`, { cause: error });
  }
}

/** @throws {ConfigError} with `position`. */
export function parseTable(path: string, text: string): ConfigTable {
  try {
    // A key such as `__proto__` would be an own property either way, but no setting of ours has such a name.
    return parse(text, { maxDepth: LIMITS.jsonDepth, unsafeKeyBehaviour: 'throw' });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    throw new ConfigError(`${path}:${line}:${column}: ${firstLine(error.message)}`, {
      position: { line, column },
      cause: error,
    });
  }
}

/** The parser's messages go on with a picture of the source, which may hold a secret. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
