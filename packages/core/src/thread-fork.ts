import type { ThreadRecord } from './thread-record.js';

/**
 * The records that a fork begins with after its own first one: those of the source up to the end of the given turn, or all of
 * them, and the source's name. What the source was read or archived to does not count for the fork.
 *
 * @returns `undefined` when no turn of that id has ended.
 */
export function forkRecords(
  records: readonly ThreadRecord[],
  lastTurnId: string | undefined,
): readonly ThreadRecord[] | undefined {
  const end =
    lastTurnId === undefined
      ? records.length
      : records.findIndex((record) => record.type === 'turnEnded' && record.turnId === lastTurnId) + 1;
  if (end === 0) return undefined;
  const said = records.slice(0, end).filter(isInherited);
  const name = records.findLast((record) => record.type === 'name');
  return name === undefined ? said : [...said, name];
}

function isInherited({ type }: ThreadRecord): boolean {
  return type !== 'thread' && type !== 'name' && type !== 'readState' && type !== 'archived';
}
