import type { IdSource } from './ports.js';
import type { ThreadRecord } from './thread-record.js';
import type { StoredThread } from './thread-replay.js';

/** What a turn leaves in the log: gone with the turn, while names, settings and the like stay what they are. */
const OF_A_TURN: ReadonlySet<ThreadRecord['type']> = new Set([
  'turnStarted',
  'item',
  'response',
  'compacted',
  'usage',
  'turnEnded',
]);

/**
 * The records that count: those of turns that were reverted, and what the model was given from there on, are left out.
 *
 * The log itself keeps them. A revert is one more record, so that a crash leaves either the thread before it or the thread after.
 */
export function keptRecords(records: readonly ThreadRecord[]): readonly ThreadRecord[] {
  if (!records.some(({ type }) => type === 'reverted')) return records;
  let kept: ThreadRecord[] = [];
  for (const record of records) {
    if (record.type !== 'reverted') kept.push(record);
    else kept = recordsBefore(kept, record.beforeTurnId) ?? kept;
  }
  return kept;
}

/** The records without that turn and everything of later turns; undefined when no turn of that id began. */
export function recordsBefore(records: readonly ThreadRecord[], turnId: string): ThreadRecord[] | undefined {
  const start = records.findIndex((record) => record.type === 'turnStarted' && record.turnId === turnId);
  if (start === -1) return undefined;
  const after = records.slice(start).filter(({ type }) => !OF_A_TURN.has(type));
  return [...records.slice(0, start), ...after];
}

/** What reverts a thread: the revert itself, and a mark at which reading goes on where the old one is gone with its turn. */
export function revertRecords(
  { turns, readState }: Pick<StoredThread, 'turns' | 'readState'>,
  beforeTurnId: string,
  ids: IdSource,
): readonly ThreadRecord[] | undefined {
  const start = turns.findIndex(({ id }) => id === beforeTurnId);
  if (start === -1) return undefined;
  const reverted: ThreadRecord = { type: 'reverted', beforeTurnId };
  const unread = readState?.firstUnread;
  const isGone = unread?.type === 'turn' && turns.slice(start).some(({ id }) => id === unread.turnId);
  if (!isGone) return [reverted];
  return [reverted, { type: 'readState', readState: { firstUnread: null, revision: ids.uuid() } }];
}
