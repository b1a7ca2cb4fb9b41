import { isMet, type Measurement } from './measurement.js';

/** The measurements as a table, by goal. */
export function formatTable(measurements: readonly Measurement[]): string {
  const rows = [...measurements].sort((a, b) => a.goal - b.goal).map(cells);
  const header = ['goal', 'what', 'measured', 'target', ''];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** How many goals are met, counting only what has a target. */
export function formatSummary(measurements: readonly Measurement[]): string {
  const judged = measurements.map(isMet).filter((met) => met !== undefined);
  return `${judged.filter(Boolean).length} of ${judged.length} targets met. Ratios of one run count; absolute times depend on the machine.`;
}

function cells(measurement: Measurement): string[] {
  const { goal, what, value, unit, target } = measurement;
  const met = isMet(measurement);
  const wanted =
    target === undefined ? '' : `${target.relation === 'atMost' ? '≤' : '≥'} ${formatNumber(target.value)}`;
  return [
    String(goal),
    what,
    `${formatNumber(value)} ${unit}`,
    wanted,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ];
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}
