import { join } from 'node:path';
import { type CommandRules, type PrefixRule, StoreError } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { type Disk, diskErrorCode } from './disk.js';
import { makeDurableDirectory } from './durable-directory.js';
import { formatRule, parseRules } from './rule-text.js';

const DIRECTORY = 'rules';
/** The file that new rules go to. */
const OWN_FILE = 'default.rules';

export interface LoadedRules {
  readonly rules: CommandRules;
  /** Sentences for people: files that could not be read, and so do not count. */
  readonly warnings: readonly string[];
}

/**
 * Reads the rules of a home directory: every file in `rules/` that ends in `.rules`, in the order of their names.
 *
 * A file that cannot be read or understood does not count, and a warning says so. Never rejects.
 */
export async function loadRules(home: string, disk: Disk): Promise<LoadedRules> {
  const directory = join(home, DIRECTORY);
  const found: PrefixRule[] = [];
  const warnings: string[] = [];
  for (const name of await ruleFiles(directory, disk)) {
    const parsed = await readRules(join(directory, name), disk);
    if (parsed.type === 'rules') found.push(...parsed.rules);
    else
      warnings.push(
        `Error parsing rules; custom rules not applied. (${join(directory, name)}: ${parsed.problem})`,
      );
  }
  if (found.length > LIMITS.commandRules) warnings.push(`Only the first ${LIMITS.commandRules} rules count.`);
  return { rules: new RuleBook(found, (rule) => append(home, disk, rule)), warnings };
}

/** Rules that are forgotten with the process. */
export function memoryRules(initial: readonly PrefixRule[] = []): CommandRules {
  return new RuleBook(initial, async () => {});
}

class RuleBook implements CommandRules {
  #current: readonly PrefixRule[];
  readonly #keep: (rule: PrefixRule) => Promise<void>;
  /** The last addition; each waits for the one before it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(initial: readonly PrefixRule[], keep: (rule: PrefixRule) => Promise<void>) {
    this.#current = initial.slice(0, LIMITS.commandRules);
    this.#keep = keep;
  }

  get current(): readonly PrefixRule[] {
    return this.#current;
  }

  async add(rule: PrefixRule): Promise<void> {
    const text = formatRule(rule);
    if (this.#current.some((known) => formatRule(known) === text)) return;
    if (this.#current.length >= LIMITS.commandRules)
      throw new StoreError('io', `there are ${LIMITS.commandRules} rules already`);
    this.#current = [...this.#current, rule];
    const kept = this.#last.then(() => this.#keep(rule));
    this.#last = kept.catch(() => {});
    await kept;
  }
}

async function ruleFiles(directory: string, disk: Disk): Promise<readonly string[]> {
  const names = await disk.listDirectory(directory).catch(() => []);
  return names.filter((name) => name.endsWith('.rules')).sort();
}

async function readRules(path: string, disk: Disk): Promise<ReturnType<typeof parseRules>> {
  try {
    const bytes = await disk.readFile(path, LIMITS.rulesFileBytes);
    return parseRules(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { type: 'unclear', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Puts a file with one line more in the place of the old one: readers see the one or the other, and a crash leaves one of them. */
async function append(home: string, disk: Disk, rule: PrefixRule): Promise<void> {
  const directory = join(home, DIRECTORY);
  const path = join(directory, OWN_FILE);
  const fresh = `${path}.${process.pid}.new`;
  try {
    await makeDurableDirectory(disk, home, [DIRECTORY]);
    const old = await readIfPresent(path, disk);
    const gap = old.length === 0 || old.at(-1) === 0x0a ? '' : '\n';
    const line = new TextEncoder().encode(gap + formatRule(rule));
    await disk.unlink(fresh).catch(ignoreMissing);
    const file = await disk.openForAppend(fresh, 'new');
    try {
      await file.append(old);
      await file.append(line);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(fresh, path);
    await disk.syncDirectory(directory);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError('io', `the rule could not be kept: ${reason}`, { cause });
  }
}

async function readIfPresent(path: string, disk: Disk): Promise<Uint8Array> {
  try {
    return await disk.readFile(path, LIMITS.rulesFileBytes);
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return new Uint8Array();
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if (diskErrorCode(error) !== 'ENOENT') throw error;
}
