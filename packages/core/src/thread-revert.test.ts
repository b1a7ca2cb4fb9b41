import { describe, expect, it } from 'vitest';
import type { ThreadRecord } from './thread-record.js';
import { keptRecords, recordsBefore, revertRecords } from './thread-revert.js';

const turn = (turnId: string): ThreadRecord[] => [
  { type: 'turnStarted', turnId, startedAt: 1 },
  { type: 'response', item: { type: 'message', role: 'user', content: [] } },
  { type: 'turnEnded', turnId, status: 'completed', error: null, completedAt: 2, durationMs: 1 },
];
const NAME: ThreadRecord = { type: 'name', name: 'kept' };
const revert = (beforeTurnId: string): ThreadRecord => ({ type: 'reverted', beforeTurnId });

describe('a reverted thread', () => {
  it('is what it was before the turn, with its name and what came after the revert', () => {
    const records = [...turn('a'), ...turn('b'), NAME, ...turn('c'), revert('b'), ...turn('d')];
    expect(keptRecords(records)).toEqual([...turn('a'), NAME, ...turn('d')]);
  });

  it('can be reverted again, and to nothing', () => {
    const records = [...turn('a'), ...turn('b'), revert('b'), ...turn('c'), revert('a')];
    expect(keptRecords(records)).toEqual([]);
  });

  it('is not changed by a revert to a turn that is not there any more', () => {
    expect(keptRecords([...turn('a'), ...turn('b'), revert('a'), ...turn('c'), revert('b')])).toEqual(
      turn('c'),
    );
  });

  it('has its old history again when the turn that compacted it is reverted', () => {
    const compacting: ThreadRecord[] = [
      { type: 'turnStarted', turnId: 'b', startedAt: 1 },
      { type: 'compacted', turnId: 'b', history: [] },
    ];
    expect(keptRecords([...turn('a'), ...compacting, revert('b')])).toEqual(turn('a'));
  });

  it('has no part before a turn that never began', () => {
    expect(recordsBefore(turn('a'), 'b')).toBeUndefined();
  });
});

describe('reverting', () => {
  const ids = { uuid: () => 'new', integer: () => 0 };
  const view = (id: string) => ({ id }) as never;

  it.each([
    ['c', 'a', undefined],
    ['b', 'b', { firstUnread: null, revision: 'new' }],
    ['b', 'c', { firstUnread: null, revision: 'new' }],
  ] as const)('before %s, with %s unread, leaves the mark at a turn that is there', (before, unread, readState) => {
    const state = { firstUnread: { type: 'turn' as const, turnId: unread }, revision: 'old' };
    const stored = { turns: ['a', 'b', 'c'].map(view), readState: state };
    const marked = readState === undefined ? [] : [{ type: 'readState', readState }];
    expect(revertRecords(stored, before, ids)).toEqual([revert(before), ...marked]);
  });

  it('before a turn that is not there does nothing', () => {
    expect(revertRecords({ turns: [], readState: undefined }, 'a', ids)).toBeUndefined();
  });
});
