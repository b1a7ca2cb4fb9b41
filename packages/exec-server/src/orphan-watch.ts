import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Keeps the numbers of the groups that it is told of on its standard input, and ends those that are left when that ends. `read` and
 * `kill` are part of the shell, so nothing else is started.
 */
const SCRIPT = `
groups=
while read -r change; do
  group=\${change#?}
  case $change in
    +*) groups="$groups $group" ;;
    *)
      kept=
      for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
      groups=$kept ;;
  esac
done
for each in $groups; do kill -s KILL -- "-$each"; done`;

/**
 * Ends the process groups of this Node process when it dies in a way in which it cannot do so itself, such as `kill -9`.
 *
 * A shell waits beside this process, in a session of its own, for the end of a pipe that only this process writes. It is started before
 * the first group, does not keep this process, and is one for all: process groups belong to the Node process. Where there is no shell,
 * or somebody ended it, groups are as they would be without it; it is started again with the next one.
 */
class OrphanWatch {
  readonly #groups = new Set<number>();
  #shell: ChildProcess | undefined;

  /** To be called before a group is made: a death that comes while the shell starts would leave the group. */
  begin(): void {
    if (this.#shell === undefined) this.#start();
  }

  /** To be called in the tick in which the group was made, so that no death comes between. */
  add(group: number): void {
    this.#groups.add(group);
    if (this.#shell === undefined) this.#start();
    else this.#tell('+', group);
  }

  remove(group: number): void {
    if (this.#groups.delete(group)) this.#tell('-', group);
  }

  /** Ends the shell where it has nothing to watch. */
  rest(): void {
    if (this.#groups.size > 0) return;
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }

  #start(): void {
    if (process.platform === 'win32') return;
    const shell: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#shell = shell;
    const forget = (): void => {
      if (this.#shell === shell) this.#shell = undefined;
    };
    shell.on('error', forget).on('exit', forget);
    const { stdin } = shell; // Nothing where it did not start.
    stdin?.on('error', forget);
    shell.unref();
    if (stdin instanceof Socket) stdin.unref();
    for (const group of this.#groups) this.#tell('+', group);
  }

  #tell(change: '+' | '-', group: number): void {
    this.#shell?.stdin?.write(`${change}${group}\n`);
  }
}

/** The one of this Node process. */
export const orphanWatch = new OrphanWatch();
