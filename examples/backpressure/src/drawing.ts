import type { AccountRow } from './accounting.js';

const BAR_WIDTH = 40;
const CHART_WIDTH = 64;
const CHART_HEIGHT = 8;

/** One bar for each number, in proportion to the whole; what is there at all is drawn. */
export function drawBars(whole: number, parts: Readonly<Record<string, number>>): string {
  const labelWidth = Math.max(...Object.keys(parts).map((label) => label.length));
  return Object.entries(parts)
    .map(([label, count]) => {
      const length = whole === 0 ? 0 : Math.round((count / whole) * BAR_WIDTH);
      const bar = '#'.repeat(count > 0 ? Math.max(1, length) : 0).padEnd(BAR_WIDTH, '.');
      return `  ${label.padEnd(labelWidth)}  ${bar}  ${formatCount(count)}`;
    })
    .join('\n');
}

/** The accounts as a table. */
export function drawTable(rows: readonly AccountRow[]): string {
  const header = ['method', 'class', 'emitted', 'delivered', 'merged', 'replaced', 'skipped'];
  const cells = rows.map(({ method, delivery, emitted, delivered, merged, replaced, skipped }) => [
    method,
    delivery,
    ...[emitted, delivered, merged, replaced, skipped].map(formatCount),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  return [header, ...cells]
    .map((row) =>
      `  ${row.map((cell, column) => pad(cell, widths[column] ?? 0, column < 2)).join('  ')}`.trimEnd(),
    )
    .join('\n');
}

/**
 * How full a queue was that nobody read, from the events that were read from it afterwards.
 *
 * @param entered When each of them was emitted; a merged one counts from its last part on.
 */
export function drawDepth(entered: readonly number[], startMs: number, endMs: number): string {
  const spanMs = Math.max(1, endMs - startMs);
  const columns = Array.from({ length: CHART_WIDTH }, (_, column) => {
    const untilMs = startMs + ((column + 1) / CHART_WIDTH) * spanMs;
    return entered.filter((atMs) => atMs <= untilMs).length;
  });
  const top = Math.max(1, ...columns);
  const lines: string[] = [];
  for (let row = CHART_HEIGHT; row > 0; row--) {
    const label = row === CHART_HEIGHT ? formatCount(top) : '';
    const line = columns.map((queued) => ((queued / top) * CHART_HEIGHT > row - 1 ? '#' : ' ')).join('');
    lines.push(`  ${label.padStart(6)} |${line}`.trimEnd());
  }
  lines.push(`  ${'0'.padStart(6)} +${'-'.repeat(CHART_WIDTH)}`);
  lines.push(`  ${' '.repeat(8)}0 ms${`${formatCount(spanMs)} ms`.padStart(CHART_WIDTH - 4)}`);
  return lines.join('\n');
}

function pad(cell: string, width: number, isText: boolean): string {
  return isText ? cell.padEnd(width) : cell.padStart(width);
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
