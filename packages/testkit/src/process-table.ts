import { readdirSync, readFileSync } from 'node:fs';

interface ProcessStat {
  readonly pid: number;
  /** One letter, see proc(5). */
  readonly state: string;
  readonly groupId: number;
}

/** Whether a process runs. One that exited and was not reaped yet does not, though it can still be signalled. Linux only. */
export function isRunning(pid: number): boolean {
  const found = readStat(pid);
  return found !== undefined && isAlive(found);
}

/** The processes of a group that run, in the sense of {@link isRunning}. In no order. Linux only. */
export function groupMembers(groupId: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((found) => found?.groupId === groupId)
    .flatMap((found) => (found !== undefined && isAlive(found) ? [found.pid] : []));
}

/**
 * Resolves when no process of a group runs any more. Nothing announces that of processes which are not our children, so it
 * looks again on every turn of the event loop, for as long as the test may run. Linux only.
 */
export async function groupEnd(groupId: number): Promise<void> {
  while (groupMembers(groupId).length > 0) await new Promise((resolve) => setImmediate(resolve));
}

function isAlive({ state }: ProcessStat): boolean {
  return state !== 'Z' && state !== 'X';
}

function readStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // It is gone.
  }
  // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
  const [state = '', , groupId] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid, state, groupId: Number(groupId) };
}
