import { readdirSync, readFileSync } from 'node:fs';
import { isRunning } from '@millrace/testkit';

/** Milliseconds that processes may take to notice that their server was killed. */
const NOTICE_LIMIT_MS = 5_000;

/** The variable that every process of a world inherits. */
export const WORLD_VARIABLE = 'MILLRACE_CRASH_WORLD';

/** The processes that run and were started, over whatever steps, by a server of that world. Linux only. */
function processesOf(world: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(`${WORLD_VARIABLE}=${world}`) && isRunning(pid));
}

/** Waits until none is left. Returns what is left all the same, with its command line; that is ended here. */
export async function survivorsOf(world: string): Promise<readonly string[]> {
  const deadline = Date.now() + NOTICE_LIMIT_MS;
  while (processesOf(world).length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return processesOf(world).map((pid) => {
    const commandLine = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    process.kill(pid, 'SIGKILL');
    return commandLine;
  });
}

function environmentOf(pid: number): readonly string[] {
  return read(`/proc/${pid}/environ`).split('\0');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It is gone, or not ours.
  }
}
