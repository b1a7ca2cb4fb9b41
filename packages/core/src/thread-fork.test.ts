import { describe, expect, it } from 'vitest';
import { forkRecords } from './thread-fork.js';
import type { ThreadRecord } from './thread-record.js';

const turn = (turnId: string): ThreadRecord[] => [
  { type: 'turnStarted', turnId, startedAt: 1 },
  { type: 'turnEnded', turnId, status: 'completed', error: null, completedAt: 2, durationMs: 1 },
];

const RECORDS: readonly ThreadRecord[] = [
  ...turn('a'),
  { type: 'readState', readState: { firstUnread: null, revision: 'r' } },
  { type: 'name', name: 'old' },
  ...turn('b'),
  { type: 'archived', isArchived: false },
  { type: 'name', name: 'new' },
  { type: 'turnStarted', turnId: 'c', startedAt: 3 },
];

describe('the records of a fork', () => {
  it('are those up to the end of the given turn, with the name that the source has now', () => {
    expect(forkRecords(RECORDS, { lastTurnId: 'a' })).toEqual([...turn('a'), { type: 'name', name: 'new' }]);
  });

  it('are all that was said where no turn is given', () => {
    const running = { type: 'turnStarted', turnId: 'c', startedAt: 3 };
    const name = { type: 'name', name: 'new' };
    expect(forkRecords(RECORDS, {})).toEqual([...turn('a'), ...turn('b'), running, name]);
  });

  it('are those before the given turn', () => {
    expect(forkRecords(RECORDS, { beforeTurnId: 'b' })).toEqual([
      ...turn('a'),
      { type: 'name', name: 'new' },
    ]);
  });

  it('are those that a revert left', () => {
    const reverted = [...RECORDS, { type: 'reverted' as const, beforeTurnId: 'b' }, ...turn('d')];
    expect(forkRecords(reverted, {})).toEqual([...turn('a'), ...turn('d'), { type: 'name', name: 'new' }]);
  });

  it.each([
    [{ lastTurnId: 'c' }, 'turnInProgress'],
    [{ lastTurnId: 'nowhere' }, 'turnNotFound'],
    [{ beforeTurnId: 'nowhere' }, 'turnNotFound'],
  ] as const)('do not exist for %o: %s', (point, refusal) => {
    expect(forkRecords(RECORDS, point)).toBe(refusal);
  });
});
