import type { FuzzyText } from './fuzzy-text.js';

const MATCH = 16;
const GAP_START = 3;
const GAP_EXTENSION = 1;
/** The least that a character is worth more for following a matched one directly. */
const CONSECUTIVE = 4;
/** The first character counts this many times what its place is worth. */
const FIRST_FACTOR = 2;
/** From this worth on, a place begins a run of its own. */
const BEGINS_RUN = 8;

/** Less than any difference between scores, even when it is taken as often as a path has characters. */
const TIE = 1e-9;

/** Lower than any score. */
const NONE = -1_000_000;

/** Where a needle was found, and how good that is. */
export interface FuzzyMatch {
  /** At least 1. */
  readonly score: number;
  /** Of the characters that matched, ascending. */
  readonly positions: readonly number[];
}

/**
 * Finds the best way to read the needle's characters, in order, out of a text; undefined when there is none.
 *
 * Each matched character counts 16 and what its place is worth, doubled for the first one; in a run, at least what the place where
 * the run began is worth, and 4. A gap costs 3, and 1 for each character after its first. These are the rules of fzf (version 2 of its
 * algorithm), with the numbers that the reference server uses, so the scores are the same. Time and memory: needle × text.
 *
 * @param needle Folded like the text, not empty.
 */
export function matchFuzzy(needle: string, text: FuzzyText): FuzzyMatch | undefined {
  if (!isSubsequence(needle, text.folded)) return undefined;
  const width = text.folded.length;
  const table = tableOf(needle.length * width);
  for (let row = 0; row < needle.length; row += 1) fillRow(table, { row, width, needle, text });
  return trace(table, needle.length, width);
}

/** Whether the needle's characters stand in the text in their order. */
export function isSubsequence(needle: string, folded: string): boolean {
  let from = 0;
  for (const character of needle) {
    const found = folded.indexOf(character, from);
    if (found < 0) return false;
    from = found + 1;
  }
  return true;
}

/** What a needle is worth that stands at a place in one piece. */
export function scoreRun(length: number, at: number, { bonuses }: FuzzyText): number {
  let run = bonuses[at] ?? 0;
  let score = MATCH + run * FIRST_FACTOR;
  for (let position = at + 1; position < at + length; position += 1) {
    const bonus = bonuses[position] ?? 0;
    run = runWorth(run, bonus);
    score += MATCH + Math.max(run, bonus);
  }
  return score;
}

/** For each character of the needle and of the text: what is known of the best match that ends there. */
interface Table {
  readonly scores: Int32Array;
  /** What the run that it ends is worth. */
  readonly runs: Uint8Array;
  /** 1 where it continues a run. */
  readonly continues: Uint8Array;
}

/** Used again for each text: a match is found without waiting, and making tables would cost more than filling them. */
let shared = newTable(4_096);

function tableOf(cells: number): Table {
  if (cells > MAX_SHARED_CELLS) return newTable(cells);
  if (shared.scores.length < cells) shared = newTable(cells);
  shared.continues.fill(0, 0, cells);
  return shared;
}

/** A query of 32 characters in the longest path of Linux; longer ones get a table of their own. */
const MAX_SHARED_CELLS = 131_072;

function newTable(cells: number): Table {
  return {
    scores: new Int32Array(cells),
    runs: new Uint8Array(cells),
    continues: new Uint8Array(cells),
  };
}

interface Row {
  readonly row: number;
  readonly width: number;
  readonly needle: string;
  readonly text: FuzzyText;
}

function fillRow({ scores, runs, continues }: Table, { row, width, needle, text }: Row): void {
  const [start, above] = [row * width, (row - 1) * width];
  let afterGap = NONE;
  for (let position = 0; position < width; position += 1) {
    const cell = start + position;
    const [before, gapStart] = [above + position - 1, above + position - 2];
    if (row > 0) {
      afterGap -= GAP_EXTENSION;
      if (position >= 2) afterGap = Math.max(afterGap, (scores[gapStart] ?? NONE) - GAP_START);
    }
    scores[cell] = NONE;
    if (text.folded[position] !== needle[row]) continue;
    const bonus = text.bonuses[position] ?? 0;
    if (row === 0) {
      scores[cell] = MATCH + bonus * FIRST_FACTOR;
      runs[cell] = bonus;
      continue;
    }
    const run = runWorth(runs[before] ?? 0, bonus);
    const joined = position === 0 ? NONE : (scores[before] ?? NONE) + Math.max(run, bonus);
    const apart = afterGap + bonus;
    const best = Math.max(joined, apart);
    if (best < 0) continue;
    scores[cell] = MATCH + best;
    continues[cell] = joined > apart ? 1 : 0;
    runs[cell] = joined > apart ? run : bonus;
  }
}

function runWorth(run: number, bonus: number): number {
  const least = Math.max(run, CONSECUTIVE);
  return bonus >= BEGINS_RUN && bonus > least ? bonus : least;
}

/** Reads the best match out of the table, from its last character back. */
function trace({ scores, continues }: Table, rows: number, width: number): FuzzyMatch | undefined {
  // Of equal places a single character takes the first, more of them the last, as the reference server does.
  let position = bestIn(scores, (rows - 1) * width, width, (candidate) =>
    rows === 1 ? 0 : -candidate * TIE,
  );
  const score = scores[(rows - 1) * width + position] ?? NONE;
  if (score <= 0) return undefined;
  const positions = [position];
  for (let row = rows - 1; row > 0; row -= 1) {
    const start = (row - 1) * width;
    const end = position;
    const gapCost = (candidate: number): number => GAP_START + (end - candidate - 2) * GAP_EXTENSION;
    position =
      continues[row * width + position] === 1 ? position - 1 : bestIn(scores, start, end - 1, gapCost);
    positions.push(position);
  }
  return { score, positions: positions.reverse() };
}

/** The first of the best places in a part of a row, each made less by a cost. */
function bestIn(
  scores: Int32Array,
  start: number,
  length: number,
  cost: (position: number) => number,
): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let position = 0; position < length; position += 1) {
    const worth = (scores[start + position] ?? NONE) - cost(position);
    if (worth > most) [best, most] = [position, worth];
  }
  return best;
}
