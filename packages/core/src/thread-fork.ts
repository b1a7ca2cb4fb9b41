import type { ThreadLog, ThreadStore } from './ports.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';
import { keptRecords, recordsBefore } from './thread-revert.js';

/** Records that a fork writes before it waits for the disk, so that a long source is not kept in memory twice. */
const BATCH = 256;

/** Where a fork leaves its source: after a turn that has ended, before a turn, or at the end. */
export interface ForkPoint {
  readonly lastTurnId?: string | undefined;
  readonly beforeTurnId?: string | undefined;
}

/** What belongs to the one thread alone. */
const OF_THE_SOURCE: ReadonlySet<ThreadRecord['type']> = new Set([
  'thread',
  'name',
  'readState',
  'archived',
  'queued',
  'unqueued',
  'queueOrdered',
  'goal',
]);

/**
 * The records that a fork begins with after its own first one: those of the source up to the given point, and the source's name.
 * What the source was read or archived to, and what it was to do next, does not count for the fork.
 *
 * @returns what is wrong with the turn of the point, where there is something.
 */
export function forkRecords(
  records: readonly ThreadRecord[],
  { lastTurnId, beforeTurnId }: ForkPoint,
): readonly ThreadRecord[] | 'turnNotFound' | 'turnInProgress' {
  const kept = keptRecords(records);
  const said =
    beforeTurnId === undefined ? recordsThrough(kept, lastTurnId) : recordsBefore(kept, beforeTurnId);
  if (said === undefined) return 'turnNotFound';
  if (said === 'turnInProgress') return said;
  const name = kept.findLast((record) => record.type === 'name');
  const inherited = said.filter(isInherited);
  return name === undefined ? inherited : [...inherited, name];
}

function recordsThrough(
  records: readonly ThreadRecord[],
  turnId: string | undefined,
): readonly ThreadRecord[] | 'turnInProgress' | undefined {
  if (turnId === undefined) return records;
  const end = records.findIndex((record) => record.type === 'turnEnded' && record.turnId === turnId) + 1;
  if (end > 0) return records.slice(0, end);
  const isRunning = records.some((record) => record.type === 'turnStarted' && record.turnId === turnId);
  return isRunning ? 'turnInProgress' : undefined;
}

/** Begins the log of a fork. Resolves with all those records on disk; rejects with `StoreError`, and then nothing is kept. */
export async function writeFork(
  store: ThreadStore,
  meta: ThreadMeta,
  records: readonly ThreadRecord[],
): Promise<ThreadLog> {
  const log = await store.create(meta);
  try {
    for (let start = 0; start < records.length; start += BATCH) {
      log.append(records.slice(start, start + BATCH));
      await log.sync();
    }
    return log;
  } catch (error) {
    await Promise.allSettled([log.close()]);
    await Promise.allSettled([store.remove(meta.id)]);
    throw error;
  }
}

function isInherited({ type }: ThreadRecord): boolean {
  return !OF_THE_SOURCE.has(type);
}
