import type { LineEdit } from './file-text.js';
import { type LineMatch, LineMatcher, MatchLimitError } from './line-matcher.js';
import type { PatchHunk } from './patch-grammar.js';

/**
 * Lines that the searches for one file may look at: a file of 100,000 lines and some 250 hunks. About a third of a second on
 * one slow core, so that no patch holds up the event loop for longer.
 */
const MAX_LINES_SEARCHED = 50_000_000;

/** Why the hunks of a file do not fit it, for the model. */
export interface MatchFailure {
  readonly type: 'matchFailure';
  readonly message: string;
}

/**
 * Finds where each hunk belongs and says which lines change.
 *
 * The hunks are in the order of the file. A hunk stands where its context and removed lines first follow its anchors and the
 * hunks before it; a hunk that only adds goes right after its anchors, or to the end of the file without any. Lines match
 * exactly, else without regard to white space at their end, then on both sides, then to typographic punctuation. Context lines
 * are only looked at: the file keeps its own.
 *
 * A hunk without anchors that would fit in more than one place, given all the others, fails: an edit in the wrong place is worse
 * than none.
 */
export function matchHunks(
  lines: readonly string[],
  hunks: readonly PatchHunk[],
): readonly LineEdit[] | MatchFailure {
  try {
    return new HunkPlacer(lines, hunks).place();
  } catch (error) {
    if (error instanceof MatchLimitError)
      return failure('the file has too many lines for that many hunks; use fewer');
    throw error;
  }
}

/** A hunk and where it goes. */
interface PlacedHunk {
  readonly hunk: PatchHunk;
  /** The hunk's context and removed lines as far as they were found: all, or without empty context at the end. */
  readonly pattern: readonly string[];
  readonly match: LineMatch;
  /** Nothing but the lines themselves says where it goes. */
  readonly isFloating: boolean;
}

class HunkPlacer {
  readonly #lines: readonly string[];
  readonly #hunks: readonly PatchHunk[];
  readonly #matcher: LineMatcher;

  constructor(lines: readonly string[], hunks: readonly PatchHunk[]) {
    this.#lines = lines;
    this.#hunks = hunks;
    const wanted = hunks.flatMap((hunk) => [...hunk.anchors, ...hunk.lines.map((line) => line.text)]);
    this.#matcher = new LineMatcher(lines, { wanted, maxLines: MAX_LINES_SEARCHED });
  }

  place(): readonly LineEdit[] | MatchFailure {
    const hunks = this.#hunks;
    const placed: PlacedHunk[] = [];
    let cursor = 0;
    for (const [index, hunk] of hunks.entries()) {
      const found = this.#placeOne(hunk, cursor);
      if ('type' in found) return failure(`hunk ${index + 1} of ${hunks.length}: ${found.message}`);
      placed.push(found);
      if (!isAppended(hunk)) cursor = found.match.index + found.pattern.length;
    }
    // Only appended lines can come before others that stand earlier; the sort keeps the order of those at one place.
    return this.#findAmbiguity(placed) ?? placed.flatMap(editsOf).sort((a, b) => a.start - b.start);
  }

  #placeOne(hunk: PatchHunk, cursor: number): PlacedHunk | MatchFailure {
    let from = cursor;
    for (const anchor of hunk.anchors) {
      const match = this.#matcher.find([anchor], { from });
      if (match === undefined) return failure(this.#describeAbsent([anchor], from));
      from = match.index + 1;
    }
    const pattern = hunk.lines.filter((line) => line.type !== 'add').map((line) => line.text);
    const isFloating = hunk.anchors.length === 0 && !hunk.atEndOfFile && !isAppended(hunk);
    for (const candidate of candidates(hunk, pattern)) {
      const match = this.#findLines(candidate, from, hunk);
      if (match !== undefined) return { hunk, pattern: candidate, match, isFloating };
    }
    return failure(this.#describeAbsent(pattern, from, hunk.atEndOfFile));
  }

  #findLines(pattern: readonly string[], from: number, hunk: PatchHunk): LineMatch | undefined {
    const end = this.#lines.length;
    if (pattern.length === 0) return { index: isAppended(hunk) ? end : from, level: 0 };
    return this.#matcher.find(pattern, {
      from: hunk.atEndOfFile ? Math.max(from, end - pattern.length) : from,
    });
  }

  /** From the last hunk to the first: could it stand further down, with all later hunks where they are? */
  #findAmbiguity(placed: readonly PlacedHunk[]): MatchFailure | undefined {
    let to = this.#lines.length;
    for (const [index, { hunk, pattern, match, isFloating }] of [...placed.entries()].reverse()) {
      if (isAppended(hunk)) continue;
      const { level } = match;
      const other = isFloating
        ? this.#matcher.find(pattern, { from: match.index + 1, to, level })
        : undefined;
      if (other !== undefined) {
        return failure(
          `hunk ${index + 1} of ${placed.length}: its lines stand at line ${match.index + 1} and again at line ${other.index + 1}; ` +
            `add more context, or an "@@" line that comes before the right place:\n${excerpt(pattern)}`,
        );
      }
      to = match.index;
    }
    return undefined;
  }

  #describeAbsent(pattern: readonly string[], from: number, atEndOfFile = false): string {
    const where = atEndOfFile ? ' at the end of the file' : from > 0 ? ` after line ${from}` : '';
    const elsewhere = where === '' ? undefined : this.#matcher.find(pattern, { from: 0 });
    const rule = atEndOfFile ? 'not at its end' : 'hunks must be in the order of the file';
    const hint = elsewhere === undefined ? '' : ` (they stand at line ${elsewhere.index + 1}; ${rule})`;
    return `these lines were not found${where}${hint}:\n${excerpt(pattern)}`;
  }
}

/** The hunk only adds lines, and says no other place than the end of the file. */
function isAppended(hunk: PatchHunk): boolean {
  return (hunk.anchors.length === 0 || hunk.atEndOfFile) && hunk.lines.every((line) => line.type === 'add');
}

/** The pattern as it is, then without empty context lines at its end, which may stand for a final newline. */
function* candidates(hunk: PatchHunk, pattern: readonly string[]): Generator<readonly string[]> {
  yield pattern;
  let length = pattern.length;
  for (const line of hunk.lines.toReversed()) {
    if (line.type !== 'context' || line.text !== '' || length === 1) break;
    length -= 1;
  }
  if (length < pattern.length) yield pattern.slice(0, length);
}

function editsOf({ hunk, match, pattern }: PlacedHunk): readonly LineEdit[] {
  const edits: LineEdit[] = [];
  const end = match.index + pattern.length;
  let position = match.index;
  let change: { start: number; deleteCount: number; insert: string[] } | undefined;
  for (const line of hunk.lines) {
    if (line.type === 'context') {
      position = Math.min(position + 1, end);
      change = undefined;
      continue;
    }
    if (change === undefined) {
      change = { start: position, deleteCount: 0, insert: [] };
      edits.push(change);
    }
    if (line.type === 'add') change.insert.push(line.text);
    else {
      change.deleteCount += 1;
      position += 1;
    }
  }
  return edits;
}

function failure(message: string): MatchFailure {
  return { type: 'matchFailure', message };
}

const EXCERPT_LINES = 20;
const EXCERPT_LINE_LENGTH = 200;

/** Enough of the lines for the model to know which are meant. */
function excerpt(lines: readonly string[]): string {
  const shown = lines
    .slice(0, EXCERPT_LINES)
    .map((line) => (line.length > EXCERPT_LINE_LENGTH ? `${line.slice(0, EXCERPT_LINE_LENGTH)}…` : line));
  return (lines.length > EXCERPT_LINES ? [...shown, `… ${lines.length - EXCERPT_LINES} more`] : shown).join(
    '\n',
  );
}
