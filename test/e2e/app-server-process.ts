import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

/** A line of the server. */
export interface Line {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** `millrace app-server` as a process of its own, run from source, with a home directory of the test's. */
export class AppServerProcess {
  readonly lines: Line[] = [];
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<unknown[]>;
  #onLine: (() => void) | undefined;
  #nextId = 1;

  constructor(home: string) {
    this.#child = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=millrace-source', MAIN, 'app-server'],
      {
        cwd: ROOT,
        env: { PATH: process.env.PATH, HOME: home, SHELL: '/bin/sh', MILLRACE_HOME: home },
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    this.#ended = once(this.#child, 'exit');
    createInterface({ input: this.#child.stdout }).on('line', (text) => {
      this.lines.push(JSON.parse(text) as Line);
      this.#onLine?.();
    });
  }

  /** Starts the process and does the handshake. */
  static async start(home: string): Promise<AppServerProcess> {
    const server = new AppServerProcess(home);
    await server.ask('initialize', { clientInfo: { name: 'e2e', version: '1' } });
    return server;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Asks and returns the result. */
  async ask<R>(method: string, params: unknown): Promise<R> {
    const id = this.#nextId++;
    this.write(`${JSON.stringify({ id, method, params })}\n`);
    const { result, error } = await this.until((line) => line.id === id && line.method === undefined);
    if (error !== undefined) throw new Error(JSON.stringify(error));
    return result as R;
  }

  /** Begins a thread that may do everything, and returns its id. */
  async startThread(cwd: string): Promise<string> {
    const params = { cwd, sandbox: 'danger-full-access', approvalPolicy: 'never' };
    const { thread } = await this.ask<{ readonly thread: { readonly id: string } }>('thread/start', params);
    return thread.id;
  }

  async startTurn(threadId: string, text: string): Promise<void> {
    await this.ask('turn/start', { threadId, input: [{ type: 'text', text }] });
  }

  /** The first line that fits, among those that came and those that will come. */
  async until(fits: (line: Line) => boolean): Promise<Line> {
    for (let index = 0; ; index += 1) {
      while (index >= this.lines.length) {
        await new Promise<void>((resolve) => {
          this.#onLine = resolve;
        });
      }
      const line = this.lines[index];
      if (line !== undefined && fits(line)) return line;
    }
  }

  /** Sends a signal, or closes the input, and returns the exit code and the signal that ended the process. */
  async end(how: NodeJS.Signals | 'close'): Promise<unknown[]> {
    if (how === 'close') this.#child.stdin.end();
    else this.#child.kill(how);
    return this.#ended;
  }
}
