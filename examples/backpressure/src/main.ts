/**
 * What a full queue does: one consumer that reads and one that does not, on the same thread of the same runtime.
 *
 * Prints what each of them got, draws how full the stalled one's queue was, and exits with 1 when anything is not accounted for.
 */
import { type AccountRow, accountFor, findProblems } from './accounting.js';
import { drawBars, drawDepth, drawTable, formatCount } from './drawing.js';
import { sum } from './event-tally.js';
import { CHANNEL_CAPACITY, runScenario, type ScenarioResult } from './scenario.js';

const result = await runScenario();
const rows = accountFor(result);
console.log(describe(result, rows));
const problems = findProblems(result, rows);
for (const problem of problems) console.log(`NOT AS EXPECTED: ${problem}`);
if (problems.length > 0) process.exitCode = 1;

function describe(
  { fast, stalled, asked, answered, turnIds }: ScenarioResult,
  rows: readonly AccountRow[],
): string {
  const total = (field: 'emitted' | 'delivered' | 'merged' | 'replaced' | 'skipped'): number =>
    rows.reduce((all, row) => all + row[field], 0);
  const emitted = total('emitted');
  const [startMs = 0, endMs = 0] = [fast.tally.emittedAtMs[0], fast.tally.emittedAtMs.at(-1)];
  return `
One thread, ${turnIds.length} turns, ${formatCount(emitted)} events. Each view holds ${CHANNEL_CAPACITY} of them.

The fast consumer reads: the turns go on as fast as it does.
${drawBars(emitted, { delivered: fast.tally.total, merged: fast.signals.mergedTotal, skipped: sum(fast.tally.skipped) })}

The stalled consumer reads nothing until both turns are over, then everything at once.
${drawBars(emitted, { delivered: total('delivered'), merged: total('merged'), replaced: total('replaced'), skipped: total('skipped') })}
  lagged: ${stalled.tally.markers}, resynced: ${stalled.tally.resyncs}, turn/completed: ${stalled.tally.endedTurns.length} of ${turnIds.length}; \
its requests meanwhile: ${answered} of ${asked} answered

What became of every event at the stalled consumer:
${drawTable(rows)}

Events in its queue over time. A queue without bounds would hold ${formatCount(emitted)} at the end.
${drawDepth(stalled.tally.emittedAtMs, startMs, endMs)}
`;
}
