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
    expect(forkRecords(RECORDS, 'a')).toEqual([...turn('a'), { type: 'name', name: 'new' }]);
  });

  it('are all that was said where no turn is given', () => {
    const running = { type: 'turnStarted', turnId: 'c', startedAt: 3 };
    const name = { type: 'name', name: 'new' };
    expect(forkRecords(RECORDS, undefined)).toEqual([...turn('a'), ...turn('b'), running, name]);
  });

  it.each(['c', 'nowhere'])('do not exist for turn %s, which has not ended', (turnId) => {
    expect(forkRecords(RECORDS, turnId)).toBeUndefined();
  });
});
