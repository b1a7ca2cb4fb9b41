import { LIMITS } from '@millrace/protocol';
import { interpretConfig } from './config.js';
import { applyEdits, type ConfigEdit } from './config-edit.js';
import { ConfigError } from './config-error.js';
import { type ConfigTable, type LoadedConfig, loadConfig, parseTable, versionOf } from './config-file.js';
import type { Disk } from './disk.js';
import { replacePrivateFile } from './private-file.js';
import { editToml, tableChanges } from './toml-edit.js';
import { canonicalText } from './toml-value.js';

export interface ConfigWrite {
  readonly edits: readonly ConfigEdit[];
  /** The version that the edits are meant for; any when null. */
  readonly expectedVersion: string | null;
  /** Throws {@link ConfigError} where the file as it would be does not fit to what counts besides it. */
  readonly check?: (table: ConfigTable) => void;
}

/** Why a configuration was not written, by the names of the protocol. */
export type ConfigWriteErrorCode = 'configValidationError' | 'configVersionConflict' | 'configLayerReadonly';

/** Nothing was written. The message is meant for clients. */
export interface ConfigWriteRefusal {
  readonly type: 'refused';
  readonly code: ConfigWriteErrorCode;
  readonly message: string;
}

/** The file as it is now. */
export interface ConfigWritten {
  readonly type: 'written';
  readonly file: LoadedConfig;
}

/**
 * Edits a configuration file: all of the edits or none. Comments, order and what else stands in it stay; the file is replaced as a
 * whole and has mode 0600 afterwards. What would not be understood at the next start is refused.
 *
 * Callers take turns: between two writers that run at once the last one wins. Rejects with the disk's error.
 */
export async function writeConfig(
  path: string,
  disk: Disk,
  { edits, expectedVersion, check }: ConfigWrite,
): Promise<ConfigWritten | ConfigWriteRefusal> {
  try {
    const before = await loadConfig(path, disk);
    if (expectedVersion !== null && expectedVersion !== before.version) {
      const message = 'Configuration was modified since last read. Fetch latest version and retry.';
      return { type: 'refused', code: 'configVersionConflict', message };
    }
    const after = applyEdits(before.table, edits);
    if (typeof after === 'string') return invalid(after);
    interpretConfig(after);
    check?.(after);
    const text = editedText(before, after);
    if (text === undefined) return invalid(`${path} is written in a way that cannot be edited here`);
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > LIMITS.configFileBytes)
      return invalid(`the configuration would be over ${LIMITS.configFileBytes} bytes`);
    if (text !== before.text) await replacePrivateFile(disk, path, bytes);
    const table = parseTable(path, text);
    return { type: 'written', file: { path, isPresent: true, table, text, version: versionOf(table) } };
  } catch (error) {
    if (error instanceof ConfigError) return invalid(`Invalid configuration: ${error.message}`);
    throw error;
  }
}

/** Undefined where the text cannot be brought to say what the table says. */
function editedText({ path, text, table }: LoadedConfig, after: ConfigTable): string | undefined {
  const changes = tableChanges(table, after);
  if (changes.length > LIMITS.configChanges)
    throw new ConfigError(`more than ${LIMITS.configChanges} keys would change at once`);
  const edited = editToml(text, changes, after);
  return reads(path, edited, after) ? edited : undefined;
}

function reads(path: string, text: string, table: ConfigTable): boolean {
  try {
    return canonicalText(parseTable(path, text)) === canonicalText(table);
  } catch {
    return false;
  }
}

function invalid(message: string): ConfigWriteRefusal {
  return { type: 'refused', code: 'configValidationError', message };
}
