import { readdirSync, readFileSync } from 'node:fs';
import { isRunning } from '@millrace/testkit';

/** Milliseconds that processes may take to notice that their server was killed. */
const NOTICE_LIMIT_MS = 5_000;

/** Ticks of the clock of proc_pid_stat(5) a second, on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** The variable that every process of a world inherits. */
export const WORLD_VARIABLE = 'MILLRACE_CRASH_WORLD';

/** A process that was left running. */
export interface Survivor {
  readonly commandLine: string;
  /** Seconds since boot. */
  readonly startedAt: number;
}

/** Seconds since this machine started. Linux only. */
export function uptime(): number {
  return Number(read('/proc/uptime').split(' ')[0]);
}

/** Waits until no process of that world is left. Returns what is left all the same, and ends it. Linux only. */
export async function survivorsOf(world: string): Promise<readonly Survivor[]> {
  const deadline = Date.now() + NOTICE_LIMIT_MS;
  while (processesOf(world).length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return processesOf(world).map((pid) => {
    const commandLine = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    const stat = read(`/proc/${pid}/stat`);
    const startedAt = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / TICKS_A_SECOND;
    end(pid);
    return { commandLine, startedAt };
  });
}

/** The processes that run and were started, over whatever steps, by a server of that world. */
function processesOf(world: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(`${WORLD_VARIABLE}=${world}`) && isRunning(pid));
}

function environmentOf(pid: number): readonly string[] {
  return read(`/proc/${pid}/environ`).split('\0');
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It is gone, or not ours.
  }
}
