import type { TaskGroup } from '@millrace/channel';
import { type CommandExecutionItem, LIMITS } from '@millrace/protocol';
import type { IdSource } from './ports.js';
import type { Terminal } from './terminal.js';

/** Process ids that a client and a model see: five digits, so that nobody takes them for those of the system. */
const FIRST_PROCESS_ID = 10_000;
const LAST_PROCESS_ID = 99_999;

/** The commands of one thread that are running, by process id. At most {@link LIMITS.processes}. */
export class Terminals {
  readonly #ids: IdSource;
  readonly #tasks: TaskGroup;
  readonly #onLateEnd: (terminal: Terminal, item: CommandExecutionItem) => void;
  readonly #running = new Map<string, Terminal>();

  /** @param onLateEnd Told of a command that ended while no tool call was waiting for it. */
  constructor(options: {
    readonly ids: IdSource;
    readonly tasks: TaskGroup;
    readonly onLateEnd: (terminal: Terminal, item: CommandExecutionItem) => void;
  }) {
    this.#ids = options.ids;
    this.#tasks = options.tasks;
    this.#onLateEnd = options.onLateEnd;
  }

  get isFull(): boolean {
    return this.#running.size >= LIMITS.processes;
  }

  /** A process id that is free; not taken before {@link add}. */
  newProcessId(): string {
    for (;;) {
      const processId = String(this.#ids.integer(FIRST_PROCESS_ID, LAST_PROCESS_ID));
      if (!this.#running.has(processId)) return processId;
    }
  }

  add(terminal: Terminal): void {
    this.#running.set(terminal.item.processId, terminal);
    this.#tasks.spawn(`terminal ${terminal.item.processId}`, () => this.#watch(terminal));
  }

  find(processId: string): Terminal | undefined {
    return this.#running.get(processId);
  }

  isRunning(itemId: string): boolean {
    return this.list().some((terminal) => terminal.item.id === itemId);
  }

  list(): Terminal[] {
    return [...this.#running.values()];
  }

  /** Forgets a command whose end was reported. */
  remove(terminal: Terminal): void {
    this.#running.delete(terminal.item.processId);
  }

  /** Kills every command and waits until each is gone. */
  async killAll(): Promise<void> {
    await Promise.all(this.list().map((terminal) => terminal.kill()));
  }

  /** The commands that no tool call waits for. */
  background(): Terminal[] {
    return this.list().filter((terminal) => !terminal.isAttended);
  }

  /** Begins to kill the commands that no tool call waits for; each reports its end when it is gone. */
  killBackground(): void {
    for (const terminal of this.background()) {
      this.#tasks.spawn(`kill ${terminal.item.processId}`, () => terminal.kill());
    }
  }

  /** Begins to kill one of the commands that no tool call waits for. Returns whether there was one of that id. */
  killOne(processId: string): boolean {
    const terminal = this.find(processId);
    if (terminal === undefined || terminal.isAttended) return false;
    this.#tasks.spawn(`kill ${processId}`, () => terminal.kill());
    return true;
  }

  /** Reports the end of a command outside the turn that started it. */
  reportLateEnd(terminal: Terminal): void {
    this.#onLateEnd(terminal, terminal.completedItem());
  }

  async #watch(terminal: Terminal): Promise<void> {
    await terminal.finished;
    if (terminal.isAttended || this.find(terminal.item.processId) !== terminal) return;
    this.remove(terminal);
    this.reportLateEnd(terminal);
  }
}
