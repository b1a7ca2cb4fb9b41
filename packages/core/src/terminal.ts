import { type CommandExecutionItem, LIMITS } from '@millrace/protocol';
import { LiveOutput } from './live-output.js';
import { OutputBuffer } from './output-buffer.js';
import type { Clock, ProcessExit, RunningProcess, ThreadEvents } from './ports.js';
import { Utf8Decoder } from './text-decoder.js';

export interface TerminalOptions {
  readonly process: RunningProcess;
  /** The item as it was started; its `processId` names the terminal. */
  readonly item: CommandExecutionItem & { readonly processId: string };
  /** The command as the model wrote it, without the shell around it. */
  readonly script: string;
  readonly threadId: string;
  readonly turnId: string;
  readonly events: ThreadEvents;
  readonly clock: Clock;
}

/**
 * A command that was started, up to its end: what it prints, what it is sent, and how it ended. It may outlive the turn that
 * started it.
 *
 * Memory: the aggregated output and what the model has not read yet, each bounded with head and tail.
 */
export class Terminal {
  readonly item: TerminalOptions['item'];
  readonly script: string;
  readonly turnId: string;
  /** Settles when the process ended and its output was read to the end; never rejects. */
  readonly finished: Promise<void>;
  readonly #options: TerminalOptions;
  readonly #aggregated = new OutputBuffer(LIMITS.aggregatedOutputBytes);
  readonly #startedAt: number;
  #unread = new OutputBuffer(LIMITS.aggregatedOutputBytes);
  #exit: ProcessExit | undefined;
  #durationMs = 0;
  #isAttended = true;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.item = options.item;
    this.script = options.script;
    this.turnId = options.turnId;
    this.#startedAt = options.clock.monotonic();
    this.finished = this.#follow();
  }

  get isFinished(): boolean {
    return this.#exit !== undefined;
  }

  get exitCode(): number | null {
    return this.#exit?.exitCode ?? null;
  }

  /** True while a tool call waits for this terminal, from its start on: then that call reports its end. */
  get isAttended(): boolean {
    return this.#isAttended;
  }

  /** Waits for the end with somebody who will report it, for at most that long. Rejects with the signal's reason. */
  async attend(waitMs: number, signal: AbortSignal): Promise<void> {
    this.#isAttended = true;
    try {
      await this.#finishedWithin(waitMs, signal);
    } finally {
      this.#isAttended = false;
    }
  }

  /** Text that was printed since the last call, shortened in the middle beyond 1 MiB. */
  takeUnread(): string {
    const text = this.#unread.text();
    this.#unread = new OutputBuffer(LIMITS.aggregatedOutputBytes);
    return text;
  }

  /** The item as it ended. */
  completedItem(): CommandExecutionItem {
    const exitCode = this.exitCode ?? -1;
    const output = this.#aggregated.text();
    return {
      ...this.item,
      status: exitCode === 0 ? 'completed' : 'failed',
      aggregatedOutput: output === '' ? null : output,
      exitCode,
      durationMs: Math.round(this.#durationMs),
    };
  }

  /** Rejects when the input of the process is closed. */
  write(text: string): Promise<void> {
    return this.#options.process.write(new TextEncoder().encode(text));
  }

  /** Kills the whole process group; resolves when everything it printed was read. */
  async kill(): Promise<void> {
    await this.#options.process.kill();
    await this.finished;
  }

  async #follow(): Promise<void> {
    const { process, clock } = this.#options;
    const decoder = new Utf8Decoder();
    const live = new LiveOutput({ clock, show: (delta) => this.#show(delta) });
    try {
      for await (const chunk of process.output) {
        this.#aggregated.append(chunk);
        this.#unread.append(chunk);
        live.write(decoder.write(chunk));
      }
      live.write(decoder.end());
    } catch {
      // The pipe broke; the exit says the rest.
    }
    const exit = await process.exited;
    live.end();
    this.#durationMs = clock.monotonic() - this.#startedAt;
    this.#exit = exit;
  }

  #show(delta: string): void {
    const { events, threadId, turnId, item } = this.#options;
    const itemId = item.id;
    events.emit(threadId, 'item/commandExecution/outputDelta', { threadId, turnId, itemId, delta });
  }

  #finishedWithin(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        end();
      };
      const onAbort = (): void => settle(() => reject(signal.reason));
      const cancel = this.#options.clock.schedule(waitMs, () => settle(resolve));
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      void this.finished.then(() => settle(resolve));
    });
  }
}
