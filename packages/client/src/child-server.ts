import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { type Clock, Deadline } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { TransportError } from './errors.js';

export interface ChildServerOptions {
  /** The program, found by `PATH` or as a path. */
  readonly command: string;
  readonly args?: readonly string[];
  /** The whole environment; that of this process when absent. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** An app-server that runs as a child process, in a process group of its own. */
export class ChildServer {
  readonly stdout: Readable;
  readonly stdin: Writable;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  /** The last of what it wrote to its standard error. */
  #stderr = '';

  private constructor(
    child: ChildProcess & { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable },
  ) {
    this.#child = child;
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    this.#exited = once(child, 'close');
    child.on('error', () => {}); // A signal that could not be sent; the exit tells the rest.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-LIMITS.childErrorChars);
    });
  }

  /** Starts the program. Rejects with `TransportError` (`InvalidInput`) when it cannot be started. */
  static async start({ command, args = [], env, cwd }: ChildServerOptions): Promise<ChildServer> {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // A process group of its own, so that all of it can be ended.
      ...(env === undefined ? {} : { env }),
      ...(cwd === undefined ? {} : { cwd }),
    });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      const detail = `cannot start ${command}: ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new TransportError('InvalidInput', 'spawn', { detail, cause });
    }
    return new ChildServer(child);
  }

  /** What is known of why it ended: its exit, and the end of its standard error. */
  explain(): string {
    const { exitCode, signalCode } = this.#child;
    const how =
      signalCode !== null
        ? `was ended by ${signalCode}`
        : exitCode !== null
          ? `exited with code ${exitCode}`
          : 'ended';
    const said = this.#stderr.trim();
    return said === '' ? `the app-server ${how}` : `the app-server ${how}; it said: ${said}`;
  }

  /** Closes its standard input, gives it time to end, then kills its process group. Never rejects. */
  async stop(clock: Clock): Promise<void> {
    this.stdin.end();
    this.stdout.resume(); // What nobody reads any more must not keep it from ending.
    const ended = await Deadline.after(clock, LIMITS.shutdownGraceMs).race(this.#exited);
    this.#killGroup();
    if (ended.type === 'expired') await Deadline.after(clock, LIMITS.killGraceMs).race(this.#exited);
  }

  /** What it left running goes with it. */
  #killGroup(): void {
    try {
      process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  }
}
