/** How alike two lines must be, strictest first; a later way is tried only where the earlier ones find nothing. */
const SIMPLIFICATIONS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
  (line) => plainPunctuation(line.trim()),
];

/** Typographic characters that models and editors put where source code has plain ones. */
function plainPunctuation(text: string): string {
  if (!/[\u00A0-\uFFFF]/.test(text)) return text;
  return text
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll(/[\u2018-\u201B]/g, "'")
    .replaceAll(/[\u201C-\u201F]/g, '"')
    .replaceAll(/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, ' ');
}

/** Where a pattern was found. */
export interface LineMatch {
  readonly index: number;
  /** How it was found; gives {@link LineMatcher.find} the same strictness again. */
  readonly level: number;
}

export interface SearchRange {
  /** First index that a match may start at. */
  readonly from: number;
  /** A match ends at or before this index; the end of the file when absent. */
  readonly to?: number;
  /** Only this strictness is tried; all of them, strictest first, when absent. */
  readonly level?: number;
}

/** Thrown when a search would take longer than the matcher was allowed. */
export class MatchLimitError extends Error {
  override readonly name = 'MatchLimitError';
}

export interface LineMatcherOptions {
  /** Every line that will be asked for. */
  readonly wanted: readonly string[];
  /** How many lines all searches together may cover. */
  readonly maxLines: number;
}

/**
 * Finds runs of lines in one file.
 *
 * Lines are reduced to numbers once a level, and runs are found by Knuth-Morris-Pratt, so a search costs the lines it covers and
 * no more, whatever they hold. Memory: one number a line for each level that was needed.
 */
export class LineMatcher {
  readonly #lines: readonly string[];
  readonly #wanted: readonly string[];
  readonly #levels: (Level | undefined)[] = [];
  #linesLeft: number;

  constructor(lines: readonly string[], { wanted, maxLines }: LineMatcherOptions) {
    this.#lines = lines;
    this.#wanted = wanted;
    this.#linesLeft = maxLines;
  }

  /**
   * The first place in the range where the lines of a pattern stand one after the other. The pattern is not empty and made of
   * wanted lines.
   *
   * @throws {MatchLimitError} when the searches cover more lines than they may.
   */
  find(pattern: readonly string[], range: SearchRange): LineMatch | undefined {
    const levels = range.level === undefined ? SIMPLIFICATIONS.keys() : [range.level];
    const to = Math.min(range.to ?? this.#lines.length, this.#lines.length);
    if (to - range.from < pattern.length) return undefined;
    for (const level of levels) {
      this.#spend(to - range.from + pattern.length);
      const { ids, idOf } = this.#level(level);
      const run = Int32Array.from(pattern, (line) => {
        const id = idOf.get(line);
        if (id === undefined) throw new RangeError('a pattern has a line that was not announced as wanted');
        return id;
      });
      const index = indexOfRun(ids.subarray(0, to), run, range.from);
      if (index !== -1) return { index, level };
    }
    return undefined;
  }

  #spend(lines: number): void {
    this.#linesLeft -= lines;
    if (this.#linesLeft < 0) throw new MatchLimitError('the search takes too long');
  }

  #level(level: number): Level {
    const known = this.#levels[level];
    if (known !== undefined) return known;
    const simplify = SIMPLIFICATIONS[level];
    if (simplify === undefined) throw new RangeError(`no level ${level}`);
    const idOf = new Map<string, number>();
    const idOfSimple = new Map<string, number>();
    for (const line of this.#wanted) {
      const simple = simplify(line);
      const id = idOfSimple.get(simple) ?? idOfSimple.size;
      idOfSimple.set(simple, id);
      idOf.set(line, id);
    }
    const ids = Int32Array.from(this.#lines, (line) => idOfSimple.get(simplify(line)) ?? NOT_WANTED);
    const made = { ids, idOf };
    this.#levels[level] = made;
    return made;
  }
}

/** The number of all lines that no pattern has. */
const NOT_WANTED = -1;

interface Level {
  /** For each line of the file the number of its simplified form. */
  readonly ids: Int32Array;
  /** The same numbers for the wanted lines, as they were given. */
  readonly idOf: ReadonlyMap<string, number>;
}

/** Where `run` first stands in `values` at or after `from`, or -1. */
function indexOfRun(values: Int32Array, run: Int32Array, from: number): number {
  // fallback[i]: length of the longest proper prefix of the run that ends at its element i.
  const fallback = new Int32Array(run.length);
  for (let index = 1, matched = 0; index < run.length; index += 1) {
    while (matched > 0 && run[index] !== run[matched]) matched = fallback[matched - 1] ?? 0;
    if (run[index] === run[matched]) matched += 1;
    fallback[index] = matched;
  }
  for (let index = from, matched = 0; index < values.length; index += 1) {
    while (matched > 0 && values[index] !== run[matched]) matched = fallback[matched - 1] ?? 0;
    if (values[index] === run[matched]) matched += 1;
    if (matched === run.length) return index - run.length + 1;
  }
  return -1;
}
