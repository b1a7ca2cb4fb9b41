import type { Clock, SandboxStatus } from '@millrace/core/ports';
import { bubblewrapCommand } from './bubblewrap.js';
import { findExecutable } from './find-executable.js';
import { PipeProcess } from './pipe-process.js';
import { PROCESS_LIMITS } from './process-limits.js';

/** What a probe found: a sandbox that works, with what it takes to use it, or the reason why there is none. */
export type DetectedSandbox =
  | {
      readonly type: 'available';
      readonly kind: 'bubblewrap';
      /** Absolute path of `bwrap`, kept so that a later change of the search path changes nothing. */
      readonly executable: string;
    }
  | Extract<SandboxStatus, { type: 'unavailable' }>;

export interface ProbeOptions {
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  /** The search path of this process, for `bwrap`. Only its absolute directories are looked into. */
  readonly path: string | undefined;
}

/** Finds the sandbox of this machine by really running a command in one. Never rejects; takes at most five seconds. */
export async function probeSandbox(options: ProbeOptions): Promise<DetectedSandbox> {
  if (options.platform !== 'linux') {
    return {
      type: 'unavailable',
      reason: `there is no sandbox for ${options.platform} in this version`,
      remedy: 'run on Linux with bubblewrap, or approve each command',
    };
  }
  const path = options.path?.split(':').filter((directory) => directory.startsWith('/'));
  const lookup = await findExecutable('bwrap', { cwd: '/', path: path?.join(':') });
  if (lookup.type !== 'found') {
    return {
      type: 'unavailable',
      reason: 'bubblewrap (bwrap) is not installed',
      remedy:
        'install bubblewrap with the package manager of the system, for example: apt-get install bubblewrap',
    };
  }
  const failure = await tryBubblewrap(lookup.path, options.clock).catch((error: unknown) => String(error));
  if (failure === undefined) return { type: 'available', kind: 'bubblewrap', executable: lookup.path };
  return {
    type: 'unavailable',
    reason: `bubblewrap does not work here: ${failure}`,
    remedy: 'allow unprivileged user namespaces, on Ubuntu 24.04 by an AppArmor profile for bwrap',
  };
}

/** Runs nothing, in the strictest sandbox. Returns what went wrong, or undefined when it worked. */
async function tryBubblewrap(executable: string, clock: Clock): Promise<string | undefined> {
  const command = await bubblewrapCommand(
    { argv: ['true'], cwd: '/', env: { PATH: '/usr/bin:/bin' } },
    { executable, rules: { writableRoots: [], networkAccess: false }, keepSession: false },
  );
  const probe = await PipeProcess.start(command, clock);
  let isLate = false;
  const cancel = clock.schedule(PROCESS_LIMITS.probeMs, () => {
    isLate = true;
    void probe.kill();
  });
  let complaint = '';
  for await (const bytes of probe.output) {
    complaint = (complaint + Buffer.from(bytes).toString()).slice(0, PROCESS_LIMITS.probeOutputBytes);
  }
  const { exitCode } = await probe.exited;
  cancel();
  if (isLate) return `it did not answer within ${PROCESS_LIMITS.probeMs} ms`;
  return exitCode === 0 ? undefined : complaint.trim() || `exit code ${exitCode}`;
}
