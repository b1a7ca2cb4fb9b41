import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

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
    const { command, args: all, env } = appServer(home, ...args);
    const child = spawn(command, all, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    for await (const line of createInterface({ input: child.stderr as Readable })) {
      said += `${line}\n`;
      const url = /listening on: (\S+)/.exec(line)?.[1];
      if (url !== undefined) return new ListeningServer(child, url);
    }
    throw new Error(`no banner: ${said}`);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }
}
