import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

/** A program and what it is started with. */
export interface SpawnedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** How the command is run from source, with a home of the test's. */
export function appServer(home: string, ...args: readonly string[]) {
  return {
    command: process.execPath,
    args: ['--import', 'tsx', '--conditions=millrace-source', MAIN, 'app-server', ...args],
    env: { PATH: process.env.PATH ?? '', HOME: home, SHELL: '/bin/sh', MILLRACE_HOME: home },
  };
}

/** `millrace app-server --listen …` as a process of its own. */
export class ListeningServer {
  /** Where it listens, as its banner says. */
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(home: string, ...args: readonly string[]): Promise<ListeningServer> {
    return ListeningServer.run(appServer(home, ...args));
  }

  /** Starts a server that says where it listens. What it says after that is not kept. */
  static async run({ command, args, env, cwd }: SpawnedCommand): Promise<ListeningServer> {
    const child = spawn(command, args, {
      env,
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true, // A group of its own, so that `kill` meets what it started, too.
    });
    let said = '';
    for await (const line of createInterface({ input: child.stderr as Readable })) {
      said += `${line}\n`;
      const url = /listening on: (\S+)/.exec(line)?.[1];
      if (url !== undefined) return new ListeningServer(child, url);
    }
    throw new Error(`no banner: ${said}`);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }

  /** Ends it and what it started at once. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.#child, 'exit');
    process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    await exited;
  }
}
