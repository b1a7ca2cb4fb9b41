import { structuredPatch } from 'diff';

const CONTEXT_LINES = 3;
/**
 * Removed plus added lines up to which the shortest diff is looked for. The search takes the square of it, about 50 ms for
 * this many; texts that differ more get one hunk from the first difference to the last.
 */
const MAX_EDIT_LENGTH = 1_000;
const NO_NEWLINE = '\\ No newline at end of file';

interface Hunk {
  /** Number of the first old line, from 1. */
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** With their prefixes, without line ends. */
  readonly lines: readonly string[];
}

/**
 * The hunks of a unified diff with three lines of context, each line ended by `\n`, and without file headers. Empty when the
 * texts are equal. The time it takes is bounded by the length of the texts and a constant; what the texts have in common at their
 * start and end costs next to nothing.
 */
export function unifiedDiff(oldText: string, newText: string): string {
  if (oldText === newText) return '';
  const { start, tail, linesBefore } = differingPart(oldText, newText);
  const oldPart = oldText.slice(start, oldText.length - tail);
  const newPart = newText.slice(start, newText.length - tail);
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDIT_LENGTH };
  const patch = structuredPatch('', '', oldPart, newPart, undefined, undefined, options);
  const hunks = patch?.hunks ?? [replacingHunk(oldPart, newPart)];
  return hunks.map((hunk) => formatHunk(hunk, linesBefore)).join('');
}

interface DifferingPart {
  /** Where it begins in both texts: the start of a line. */
  readonly start: number;
  /** How many characters follow it in both texts. */
  readonly tail: number;
  readonly linesBefore: number;
}

/** All lines from the first that differs to the last, and enough equal ones around them to serve as context. */
function differingPart(oldText: string, newText: string): DifferingPart {
  const shorter = Math.min(oldText.length, newText.length);
  let head = 0;
  while (head < shorter && oldText.charCodeAt(head) === newText.charCodeAt(head)) head += 1;
  let tail = 0;
  const [oldLast, newLast] = [oldText.length - 1, newText.length - 1];
  while (tail < shorter - head && oldText.charCodeAt(oldLast - tail) === newText.charCodeAt(newLast - tail))
    tail += 1;

  let start = head;
  for (let line = 0; line <= CONTEXT_LINES && start > 0; line += 1)
    start = oldText.lastIndexOf('\n', start - 1);
  start = start <= 0 ? 0 : start + 1;
  let end = oldText.length - tail;
  for (let line = 0; line <= CONTEXT_LINES && end < oldText.length; line += 1) {
    const newline = oldText.indexOf('\n', end);
    end = newline === -1 ? oldText.length : newline + 1;
  }
  return { start, tail: oldText.length - end, linesBefore: countNewlines(oldText, start) };
}

function countNewlines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function formatHunk(hunk: Hunk, linesBefore: number): string {
  const oldRange = formatRange(linesBefore + hunk.oldStart, hunk.oldLines);
  const newRange = formatRange(linesBefore + hunk.newStart, hunk.newLines);
  return `@@ -${oldRange} +${newRange} @@\n${hunk.lines.join('\n')}\n`;
}

/** An empty range is named by the line before it; a range of one line has no length. */
function formatRange(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? `${start}` : `${start},${lines}`;
}

/** One hunk that replaces everything from the first line that differs to the last. */
function replacingHunk(oldText: string, newText: string): Hunk {
  const oldLines = splitLines(oldText);
  const newLines = splitLines(newText);
  const shorter = Math.min(oldLines.length, newLines.length);
  let head = 0;
  while (head < shorter && oldLines[head] === newLines[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && oldLines.at(-1 - tail) === newLines.at(-1 - tail)) tail += 1;

  const before = oldLines.slice(Math.max(head - CONTEXT_LINES, 0), head);
  const after = oldLines.slice(oldLines.length - tail, oldLines.length - tail + CONTEXT_LINES);
  const removed = oldLines.slice(head, oldLines.length - tail);
  const added = newLines.slice(head, newLines.length - tail);
  const start = head - before.length + 1;
  const context = before.length + after.length;
  return {
    oldStart: start,
    oldLines: context + removed.length,
    newStart: start,
    newLines: context + added.length,
    lines: [
      ...prefixed(' ', before),
      ...prefixed('-', removed),
      ...prefixed('+', added),
      ...prefixed(' ', after),
    ],
  };
}

/** Lines with their line ends; the last one may have none. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function prefixed(prefix: string, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    line.endsWith('\n') ? [prefix + line.slice(0, -1)] : [prefix + line, NO_NEWLINE],
  );
}
