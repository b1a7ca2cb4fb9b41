import { type DeliveryClass, isNotificationMethod, SERVER_NOTIFICATIONS } from '@millrace/protocol';
import type { ScenarioResult } from './scenario.js';

/** What became of the events of one method at the stalled consumer. */
export interface AccountRow {
  readonly method: string;
  readonly delivery: DeliveryClass;
  /** As the fast consumer got them, who missed none. */
  readonly emitted: number;
  readonly delivered: number;
  readonly merged: number;
  /** A newer state took their place. Nobody signals it: it is what is left, and must be 0 for every other class. */
  readonly replaced: number;
  readonly skipped: number;
}

/** delivered + merged + replaced + skipped = emitted, method by method. */
export function accountFor({ fast, stalled }: ScenarioResult): readonly AccountRow[] {
  const methods = new Set([
    ...fast.tally.delivered.keys(),
    ...stalled.tally.delivered.keys(),
    ...stalled.tally.skipped.keys(),
  ]);
  return [...methods].map((method) => {
    const emitted = (fast.tally.delivered.get(method) ?? 0) + (fast.signals.merged.get(method) ?? 0);
    const delivered = stalled.tally.delivered.get(method) ?? 0;
    const merged = stalled.signals.merged.get(method) ?? 0;
    const skipped = stalled.tally.skipped.get(method) ?? 0;
    const replaced = emitted - delivered - merged - skipped;
    return { method, delivery: deliveryOf(method), emitted, delivered, merged, replaced, skipped };
  });
}

/** What is not as it should be; empty when all is well. */
export function findProblems(result: ScenarioResult, rows: readonly AccountRow[]): readonly string[] {
  const { turnIds, fast, stalled, asked, answered } = result;
  const problems: string[] = [];
  const expect = (isTrue: boolean, problem: string): void => {
    if (!isTrue) problems.push(problem);
  };
  expect(fast.tally.markers === 0, 'the fast consumer missed something');
  expect(fast.tally.text === fast.tally.finalText, 'the deltas of the fast consumer are not the final text');
  expect(
    sameOrder(fast.tally.endedTurns, turnIds),
    'the fast consumer did not read the end of each turn once',
  );
  expect(stalled.tally.markers > 0, 'the stalled consumer was not told that it lags');
  expect(stalled.tally.resyncs > 0, 'the stalled consumer was not given the state of the thread');
  expect(
    stalled.tally.finalText === fast.tally.finalText,
    'the stalled consumer did not arrive at the same text',
  );
  expect(
    sameOrder(stalled.tally.endedTurns, turnIds),
    'the stalled consumer did not read the end of each turn once',
  );
  expect(answered === asked, 'a question of the stalled consumer was not answered');
  expect(stalled.signals.lags > 0 && fast.signals.lags === 0, 'the diagnostics do not show who lags');
  for (const { method, delivery, replaced } of rows) {
    const isExact = delivery === 'latest' ? replaced >= 0 : replaced === 0;
    expect(isExact, `${method}: ${replaced} events are not accounted for`);
  }
  return problems;
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

function deliveryOf(method: string): DeliveryClass {
  if (!isNotificationMethod(method)) throw new Error(`${method} is no notification`);
  return SERVER_NOTIFICATIONS[method].delivery;
}
