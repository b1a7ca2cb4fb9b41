import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { yieldToMacrotask } from '@millrace/channel';
import type { FileMatch, FileNames } from '@millrace/core/ports';
import { FuzzyPattern } from './fuzzy-pattern.js';
import { IgnoreRules } from './ignore-rules.js';
import { PROCESS_LIMITS } from './process-limits.js';

interface Entry {
  readonly root: string;
  readonly path: string;
  readonly isDirectory: boolean;
}

interface Directory {
  readonly root: string;
  /** Absolute. */
  readonly path: string;
  readonly rules: IgnoreRules;
}

/**
 * The names below some directories, read one directory after the other.
 *
 * Memory: at most {@link PROCESS_LIMITS.searchedFiles} names; what lies beyond them is not found. A name that is not valid UTF-8 is
 * kept as well as it can be shown.
 */
export class LocalFileNames implements FileNames {
  readonly #entries: Entry[] = [];
  readonly #waiters = new Set<{ readonly until: number; readonly wake: () => void }>();
  #isClosed = false;
  #isComplete = false;

  get isComplete(): boolean {
    return this.#isComplete || this.#isClosed;
  }

  /**
   * Reads everything below some directories, then resolves. Never rejects.
   *
   * @param roots As matches name them, with their absolute paths.
   */
  async read(roots: readonly { readonly root: string; readonly path: string }[]): Promise<void> {
    for (const { root, path } of roots) {
      const above = await IgnoreRules.above(path);
      // Whoever names a directory wants what is in it, even where it is left out of the repository.
      const rules = above.ignores(path, true) ? IgnoreRules.NONE : above;
      const pending: Directory[] = [{ root, path, rules }];
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        if (this.#isClosed || this.#entries.length >= PROCESS_LIMITS.searchedFiles) break;
        pending.push(...(await this.#readDirectory(next, path)).reverse());
      }
    }
    this.#isComplete = true;
    this.#wake();
  }

  grown(): Promise<void> {
    if (this.isComplete) return Promise.resolve();
    const until = this.#entries.length + PROCESS_LIMITS.searchGrowth;
    return new Promise((wake) => {
      this.#waiters.add({ until, wake });
    });
  }

  async search(query: string, limit: number, signal: AbortSignal): Promise<readonly FileMatch[]> {
    const pattern = new FuzzyPattern(query);
    const best: FileMatch[] = [];
    if (pattern.isEmpty) return best;
    for (let index = 0; index < this.#entries.length; index += 1) {
      if (index % PROCESS_LIMITS.searchBatch === PROCESS_LIMITS.searchBatch - 1) await yieldToMacrotask();
      signal.throwIfAborted();
      const entry = this.#entries[index];
      const least = best.length === limit ? best.at(-1)?.score : undefined;
      const match = entry && matchEntry(pattern, entry, least);
      if (match !== undefined) insert(best, match, limit);
    }
    return best;
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  async #readDirectory({ root, path, rules }: Directory, top: string): Promise<Directory[]> {
    const found = await readdir(path, { withFileTypes: true }).catch(() => []);
    const own = await rules.below(path, new Set(found.map(({ name }) => name)));
    const directories: Directory[] = [];
    const below = relative(top, path).split(sep).join('/');
    for (const entry of found) {
      const child = join(path, entry.name);
      const kind = entry.isSymbolicLink() ? await targetOf(child) : entry;
      const isDirectory = kind?.isDirectory() ?? false;
      if (kind === undefined || own.ignores(child, isDirectory)) continue;
      if (this.#entries.length >= PROCESS_LIMITS.searchedFiles) break;
      this.#entries.push({ root, path: below === '' ? entry.name : `${below}/${entry.name}`, isDirectory });
      if (entry.isDirectory() && entry.name !== '.git') directories.push({ root, path: child, rules: own });
    }
    this.#wake();
    return directories;
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (!this.isComplete && this.#entries.length < waiter.until) continue;
      this.#waiters.delete(waiter);
      waiter.wake();
    }
  }
}

/** What a link leads to; undefined for one that leads nowhere. */
function targetOf(link: string) {
  return stat(link).catch(() => undefined);
}

function matchEntry(
  pattern: FuzzyPattern,
  { root, path, isDirectory }: Entry,
  least: number | undefined,
): FileMatch | undefined {
  const match = pattern.match(path, !isDirectory, least);
  return (
    match && {
      root,
      path,
      fileName: basename(path),
      isDirectory,
      score: match.score,
      indices: match.positions,
    }
  );
}

/** Puts a match where it belongs in a list of the best ones, best first. */
function insert(best: FileMatch[], match: FileMatch, limit: number): void {
  const last = best.at(-1);
  if (best.length === limit && last !== undefined && compare(last, match) <= 0) return;
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(best[middle] as FileMatch, match) <= 0) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, match);
  if (best.length > limit) best.pop();
}

/** Below 0 when `a` comes before `b`: by score, then by path. */
function compare(a: FileMatch, b: FileMatch): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
