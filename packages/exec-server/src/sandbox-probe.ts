import type { Clock, SandboxStatus } from '@millrace/core/ports';
import { findExecutable } from './find-executable.js';
import { PipeProcess } from './pipe-process.js';
import { PROCESS_LIMITS } from './process-limits.js';
import { type SandboxKind, sandboxedCommand } from './sandboxed-command.js';

/** What a probe found: a sandbox that works, with what it takes to use it, or the reason why there is none. */
export type DetectedSandbox =
  | {
      readonly type: 'available';
      readonly kind: SandboxKind;
      /** Absolute path of the program that makes it, kept so that a later change of the search path changes nothing. */
      readonly executable: string;
    }
  | Extract<SandboxStatus, { type: 'unavailable' }>;

export interface ProbeOptions {
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  /** The search path of this process, for `bwrap`. Only its absolute directories are looked into. */
  readonly path: string | undefined;
}

type Unavailable = Extract<DetectedSandbox, { type: 'unavailable' }>;

/** The sandbox of a platform: what makes it, and what helps where it is missing or does not work. */
interface Candidate {
  readonly kind: SandboxKind;
  /** Its name in messages. */
  readonly name: string;
  readonly program: string;
  /** Absolute directories to look into; those of the system when undefined. */
  readonly directories: (searchPath: string | undefined) => readonly string[] | undefined;
  readonly whenMissing: string;
  readonly whenBroken: string;
}

const CANDIDATES: Readonly<Partial<Record<NodeJS.Platform, Candidate>>> = {
  linux: {
    kind: 'bubblewrap',
    name: 'bubblewrap',
    program: 'bwrap',
    directories: (searchPath) => searchPath?.split(':').filter((directory) => directory.startsWith('/')),
    whenMissing:
      'install bubblewrap with the package manager of the system, for example: apt-get install bubblewrap',
    whenBroken: 'allow unprivileged user namespaces, on Ubuntu 24.04 by an AppArmor profile for bwrap',
  },
  darwin: {
    kind: 'seatbelt',
    name: 'sandbox-exec',
    program: 'sandbox-exec',
    // Part of the system: one found elsewhere would be somebody else's.
    directories: () => ['/usr/bin'],
    whenMissing: 'approve each command: this system has no /usr/bin/sandbox-exec',
    whenBroken: 'start this program outside of another sandbox, or approve each command',
  },
};

/** Finds the sandbox of this machine by really running a command in one. Never rejects; takes at most five seconds. */
export async function probeSandbox(options: ProbeOptions): Promise<DetectedSandbox> {
  const candidate = CANDIDATES[options.platform];
  if (candidate === undefined) {
    const reason = `there is no sandbox for ${options.platform} in this version`;
    return unavailable(reason, 'run on Linux with bubblewrap, or on macOS, or approve each command');
  }
  const { kind, name, program } = candidate;
  const lookup = await findExecutable(program, {
    cwd: '/',
    path: candidate.directories(options.path)?.join(':'),
  });
  if (lookup.type !== 'found') {
    const shown = name === program ? name : `${name} (${program})`;
    return unavailable(`${shown} is not installed`, candidate.whenMissing);
  }
  const executable = lookup.path;
  const failure = await trySandbox(kind, executable, options.clock).catch((error: unknown) => String(error));
  if (failure === undefined) return { type: 'available', kind, executable };
  return unavailable(`${name} does not work here: ${failure}`, candidate.whenBroken);
}

function unavailable(reason: string, remedy: string): Unavailable {
  return { type: 'unavailable', reason, remedy };
}

/** Runs nothing, in the strictest sandbox. Returns what went wrong, or undefined when it worked. */
async function trySandbox(kind: SandboxKind, executable: string, clock: Clock): Promise<string | undefined> {
  const command = await sandboxedCommand({ argv: ['true'], cwd: '/', env: { PATH: '/usr/bin:/bin' } }, kind, {
    executable,
    rules: { writableRoots: [], networkAccess: false },
    keepSession: false,
  });
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
