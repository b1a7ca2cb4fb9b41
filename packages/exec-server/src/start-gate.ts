import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { ProcessGroup } from './process-group.js';

/** The descriptor at which a process behind a gate asks, and is let through. The first one after the standard ones. */
export const GATE_DESCRIPTOR = 3;

/** `read` and `exec` are part of the shell, so the process is the program's own in the end. */
const SCRIPT = `echo >&${GATE_DESCRIPTOR}; read -r go <&${GATE_DESCRIPTOR} || exit 1; exec ${GATE_DESCRIPTOR}<&-; exec "$@"`;

/**
 * The program as one that begins only when this Node process lets it.
 *
 * Between the moment at which a process is made and the one from which it ends with its Node process, a death of the latter would leave
 * it behind; a sandbox takes some milliseconds for that. So the last step of it asks on a descriptor that only this process answers.
 * When nobody is there any more, there is nothing to begin. The program must be known to exist: a shell starts it.
 */
export function behindGate(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return ['/bin/sh', '-c', SCRIPT, 'sh', ...argv];
}

/**
 * Lets a process begin as soon as it asks, unless it was killed: a sandbox that dies while it is being set up can leave the one who asks.
 * To be called when its group is watched.
 */
export function openGate({ stdio }: ChildProcess, group: ProcessGroup): void {
  const gate = stdio[GATE_DESCRIPTOR];
  if (!(gate instanceof Socket)) return;
  gate.on('error', () => {}); // The process is gone already.
  gate.once('data', () => (group.wasKilled ? gate.destroy() : gate.end('\n')));
}
