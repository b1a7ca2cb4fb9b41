import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/** The descriptor at which a process behind a gate asks, and is let through. The first one after the standard ones. */
export const GATE_DESCRIPTOR = 3;

/**
 * `read` and `exec` are part of the shell, so the process is the program's own in the end.
 *
 * `SHLVL` says that there is a shell above the program. Without that bash takes a socket at its standard input, which is what Node gives
 * its children, for a network login, and reads `~/.bashrc` first. Two, because a shell that is bash itself takes one off at `exec`.
 */
const SCRIPT = `
echo >&${GATE_DESCRIPTOR}
read -r go <&${GATE_DESCRIPTOR} || exit 1
exec ${GATE_DESCRIPTOR}<&-
case $SHLVL in [2-9]*|1[0-9]*) ;; *) export SHLVL=2 ;; esac
exec "$@"`;

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

/** Lets a process begin as soon as it asks. To be called when its group is watched. */
export function openGate({ stdio }: ChildProcess): void {
  const gate = stdio[GATE_DESCRIPTOR];
  if (!(gate instanceof Socket)) return;
  gate.on('error', () => {}); // The process is gone already.
  gate.once('data', () => gate.end('\n'));
}
