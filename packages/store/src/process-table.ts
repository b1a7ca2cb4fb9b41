import { readFile } from 'node:fs/promises';
import { diskErrorCode } from './disk.js';

/** Tells processes apart, also two that had the same pid one after the other. */
export interface ProcessTable {
  /** This process. */
  readonly pid: number;
  /**
   * When the process with that pid began, as a text to compare; undefined when no such process lives. A process that ended and
   * waits to be reaped does not live. {@link UNKNOWN_START} where the platform does not tell.
   */
  startOf(pid: number): Promise<string | undefined>;
}

/** The start of a process that lives, on a platform that does not say since when. */
export const UNKNOWN_START = 'unknown';

/**
 * The processes of this machine, or of this container: a process in another one is not seen and counts as dead, so a home must
 * not be shared between containers that do not share their processes.
 */
export const systemProcessTable: ProcessTable = {
  pid: process.pid,
  startOf: async (pid) => (process.platform === 'linux' ? startFromProc(pid) : startBySignal(pid)),
};

/** The 3rd and the 22nd field of proc_pid_stat(5), counted from the one after the name in parentheses. */
const STATE_FIELD = 0;
const START_FIELD = 19;

async function startFromProc(pid: number): Promise<string | undefined> {
  const stat = await readIfPresent(`/proc/${pid}/stat`);
  // Either it ended, or this /proc does not show it.
  if (stat === undefined) return startBySignal(pid);
  // The name of the program may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[STATE_FIELD];
  if (state === 'Z' || state === 'X') return undefined;
  // The start is counted in clock ticks since boot, so it takes both to name it.
  const boot = await readIfPresent('/proc/sys/kernel/random/boot_id');
  return `${boot?.trim() ?? ''}/${fields[START_FIELD] ?? ''}`;
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    const code = diskErrorCode(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

function startBySignal(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return UNKNOWN_START;
  } catch (error) {
    // Not allowed to signal it means that it is there.
    return diskErrorCode(error) === 'EPERM' ? UNKNOWN_START : undefined;
  }
}
