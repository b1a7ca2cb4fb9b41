import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
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
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<unknown[]>;
  readonly #log: string[] = [];
  #onLog: (() => void) | undefined;
  #onLine: (() => void) | undefined;
  #nextId = 1;

  constructor(home: string, ...args: readonly string[]) {
    this.#child = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=millrace-source', MAIN, 'app-server', ...args],
      {
        cwd: ROOT,
        env: { PATH: process.env.PATH, HOME: home, SHELL: '/bin/sh', MILLRACE_HOME: home },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    this.#ended = once(this.#child, 'exit');
    createInterface({ input: this.#child.stdout }).on('line', (text) => {
      this.lines.push(JSON.parse(text) as Line);
      this.#onLine?.();
    });
    createInterface({ input: this.#child.stderr }).on('line', (text) => {
      this.#log.push(text);
      this.#onLog?.();
    });
  }

  /** The first line of standard error that holds the text, among those that came and those that will come. */
  async logged(text: string): Promise<string> {
    for (;;) {
      const line = this.#log.find((candidate) => candidate.includes(text));
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        this.#onLog = resolve;
      });
    }
  }

  /** The port that a server listens on which was told to listen on one. */
  async port(): Promise<number> {
    return Number(/:(?<port>\d+)$/.exec(await this.logged('listening on: ws://'))?.groups?.port);
  }

  /** The unix socket that a server listens on which was told to listen there. */
  async socket(path: string): Promise<{ readonly path: string }> {
    await this.logged(`listening on: unix://${path}`);
    return { path };
  }

  /** Bytes of memory that the process holds. */
  residentBytes(): Promise<number> {
    return this.#statusBytes('VmRSS');
  }

  /** The most that it ever held. */
  peakBytes(): Promise<number> {
    return this.#statusBytes('VmHWM');
  }

  async #statusBytes(field: string): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return 1_024 * Number(new RegExp(`${field}:\\s*(?<kib>\\d+)`).exec(status)?.groups?.kib);
  }

  /** Stops reading what the server says on its standard output, or goes on. */
  setReading(isReading: boolean): void {
    if (isReading) this.#child.stdout.resume();
    else this.#child.stdout.pause();
  }

  /** Sends a signal and does not wait. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves with the exit code and the signal that ended the process. */
  get ended(): Promise<unknown[]> {
    return this.#ended;
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
