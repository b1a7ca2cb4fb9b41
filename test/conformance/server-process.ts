import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** How long a server may take to say what a session waits for, in milliseconds; the slowest answer takes about a second. */
const ANSWER_LIMIT_MS = 30_000;

/** How long a server may take to leave once its input has ended, in milliseconds. */
const EXIT_LIMIT_MS = 10_000;

/** A message of the protocol, its parts as they come. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A message and which way it went. */
export interface Exchange {
  readonly from: 'client' | 'server';
  readonly message: Message;
}

/** What a wait for a server that is not there any more rejects with. */
export class ServerLeft extends Error {
  override readonly name = 'ServerLeft';
}

/** A server that is spoken to over its standard input and output, and everything that was said. */
export class ServerProcess {
  readonly exchanges: Exchange[] = [];
  /** Answers to server requests, by method; one without an answer is left open. */
  readonly answers = new Map<string, unknown>();
  /** Told of every message of the server, before anybody who waits for one. */
  onMessage: ((message: Message) => void) | undefined;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #exited: Promise<unknown>;
  readonly #listeners = new Set<() => void>();
  #nextId = 1;
  #hasExited = false;

  constructor(command: readonly [string, ...string[]], cwd: string, env: NodeJS.ProcessEnv) {
    const [file, ...args] = command;
    this.#child = spawn(file, args, { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#exited = once(this.#child, 'close').then(() => {
      this.#hasExited = true;
      this.#wake();
    });
    this.#child.stdin.on('error', () => {}); // It left before it read everything; the exit tells.
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#read(line));
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  /** Asks, and returns the reply: a result or an error. */
  async request(method: string, params: unknown): Promise<Message> {
    const id = this.#nextId++;
    this.#send({ id, method, params });
    return this.until(
      `the reply to ${method}`,
      (message) => message.id === id && message.method === undefined,
    );
  }

  /**
   * The first message of the server that fits, from `since` on; by default among all that came and will come.
   *
   * @throws {Error} naming `what` when none came in time; {@link ServerLeft} when the server did not stay that long.
   */
  async until(what: string, fits: (message: Message) => boolean, since = 0): Promise<Message> {
    const deadline = Date.now() + ANSWER_LIMIT_MS;
    for (let index = since; ; index += 1) {
      while (index >= this.exchanges.length) {
        if (this.#hasExited) throw new ServerLeft(`the server left; waited for ${what}`);
        if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
        await this.#more(deadline);
      }
      const exchange = this.exchanges[index];
      if (exchange?.from === 'server' && fits(exchange.message)) return exchange.message;
    }
  }

  /** Answers a request of the server. */
  answer(id: number | string, result: unknown): void {
    this.#send({ id, result });
  }

  /** Ends the input and waits until the server left; one that stays is killed. Returns its exit code, null for one that was killed. */
  async close(): Promise<number | null> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), EXIT_LIMIT_MS);
    await this.#exited;
    clearTimeout(timer);
    return this.#child.exitCode;
  }

  /** Kills the process, as `kill -9` does, and waits until everything that it said was read. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #send(message: Message): void {
    this.exchanges.push({ from: 'client', message });
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #read(line: string): void {
    try {
      this.#receive(JSON.parse(line));
    } catch (error) {
      // A killed server may have been in the middle of its last line.
      if (!(error instanceof SyntaxError && this.#child.killed)) throw error;
    }
  }

  #receive(message: Message): void {
    this.exchanges.push({ from: 'server', message });
    this.onMessage?.(message);
    const { id, method } = message;
    if (id !== undefined && method !== undefined && this.answers.has(method))
      this.#send({ id, result: this.answers.get(method) });
    this.#wake();
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  async #more(deadline: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.max(1, deadline - Date.now()));
      this.#listeners.add(finish);
    });
  }
}
