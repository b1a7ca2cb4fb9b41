import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process outside the sandbox that does nothing but be there: it leads a group, has a file open, and keeps a secret. */
export class Victim {
  readonly secret = 'the-secret-of-the-victim';
  readonly pid: number;
  readonly #child: ChildProcess;

  /** @param file A descriptor that it has open for writing, as its descriptor 4. */
  constructor(file: number) {
    this.#child = spawn('sleep', ['600'], {
      detached: true,
      env: { PATH: process.env.PATH, SECRET: this.secret },
      stdio: ['ignore', 'ignore', 'ignore', 'ignore', file],
    });
    if (this.#child.pid === undefined) throw new Error('there is no victim');
    this.pid = this.#child.pid;
  }

  hasEnded(): boolean {
    return ['gone', 'Z', 'X'].includes(this.#state());
  }

  hasStopped(): boolean {
    return ['T', 't'].includes(this.#state());
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  #state(): string {
    try {
      return readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(' ')[2] ?? 'gone';
    } catch {
      return 'gone';
    }
  }
}
