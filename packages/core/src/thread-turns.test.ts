import { systemClock } from '@millrace/channel';
import { newCommandExecution, newTurn, type Turn } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { ThreadTurns } from './thread-turns.js';

const command = newCommandExecution({
  id: 'c',
  startedAtMs: 1,
  command: 'sleep 1',
  cwd: '/',
  source: 'unifiedExecStartup',
  commandActions: [],
});

function ended(id: string): Turn {
  return newTurn({ id, status: 'completed', items: [command], itemsView: 'full' });
}

function turnsOf(...ids: readonly string[]): ThreadTurns {
  const turns = new ThreadTurns(systemClock);
  turns.restore(ids.map(ended));
  return turns;
}

const idsSince = (turns: ThreadTurns, turnId: string | undefined): string[] =>
  turns.since(turnId).map(({ id }) => id);

describe('ThreadTurns', () => {
  it('gives a turn and those after it', () => {
    const turns = turnsOf('a', 'b', 'c');
    expect(idsSince(turns, 'b')).toEqual(['b', 'c']);
    expect(turns.latest()?.id).toBe('c');
  });

  it('gives every turn where it does not know the one that is asked for', () => {
    const turns = turnsOf('a', 'b');
    expect(idsSince(turns, undefined)).toEqual(['a', 'b']);
    expect(idsSince(turns, 'x')).toEqual(['a', 'b']);
  });

  it('also gives an earlier turn whose command reported since, so that nobody keeps its old state (EV-9)', () => {
    const turns = turnsOf('a', 'b', 'c');
    turns.replaceItem('a', { ...command, status: 'failed', exitCode: 1 });
    expect(idsSince(turns, 'c')).toEqual(['a', 'c']);
    expect(turns.since('c')[0]?.items).toMatchObject([{ status: 'failed', exitCode: 1 }]);
    turns.restore([ended('d')]);
    expect(idsSince(turns, 'd')).toEqual(['d']);
  });

  it('is empty before the first turn', () => {
    const turns = new ThreadTurns(systemClock);
    expect(turns.isEmpty).toBe(true);
    expect(turns.latest()).toBeUndefined();
    expect(turns.all()).toEqual([]);
  });
});
