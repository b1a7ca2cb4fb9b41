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
 * texts are equal. The time it takes is bounded by the length of the texts and a constant.
 */
export function unifiedDiff(oldText: string, newText: string): string {
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDIT_LENGTH };
  const patch = structuredPatch('', '', oldText, newText, undefined, undefined, options);
  const hunks = patch?.hunks ?? [replacingHunk(oldText, newText)];
  return hunks.map(formatHunk).join('');
}

function formatHunk(hunk: Hunk): string {
  const oldRange = formatRange(hunk.oldStart, hunk.oldLines);
  const newRange = formatRange(hunk.newStart, hunk.newLines);
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
