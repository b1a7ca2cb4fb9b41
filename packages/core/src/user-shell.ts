import { type CommandExecutionItem, LIMITS, newCommandExecution } from '@millrace/protocol';
import { commandActions } from './command-actions.js';
import { reportLateEnd } from './late-end.js';
import { truncateForModel } from './model-output.js';
import { SpawnError } from './ports.js';
import type { MessageItem } from './response-item.js';
import { joinShellWords } from './shell-words.js';
import { Terminal } from './terminal.js';
import type { WorkContext } from './turn-work.js';

/** A command line of the user, for the shell of the thread. */
export interface ShellCommand {
  readonly script: string;
  /** Milliseconds after which it is killed. */
  readonly timeoutMs: number;
}

/** Exit code of a command that was killed because its time was over, as `timeout` has it. */
const TIMED_OUT = 124;

/**
 * A command line that the user runs in a turn, without a sandbox and without a question: it is the user who asks for it. Shown as
 * an item; the model is told what came of it before it is asked the next time.
 *
 * It may outlive the turn, then it ends like a command that the agent left running. An interrupt of the turn kills it.
 */
export class UserShell {
  readonly #command: ShellCommand;
  readonly #turn: WorkContext;
  readonly #item: CommandExecutionItem & { readonly processId: string };
  readonly #startedAt: number;
  #terminal: Terminal | undefined;

  constructor(command: ShellCommand, turn: WorkContext) {
    const { ports, settings, output, terminals } = turn;
    this.#command = command;
    this.#turn = turn;
    this.#startedAt = ports.clock.monotonic();
    const processId = terminals.newProcessId();
    const item = newCommandExecution({
      id: ports.ids.uuid(),
      startedAtMs: output.now(),
      command: joinShellWords([ports.host.shell, '-lc', command.script]),
      cwd: settings.cwd,
      source: 'userShell',
      processId,
      commandActions: [...commandActions(command.script, settings.cwd)],
    });
    this.#item = { ...item, processId };
  }

  /** Starts the command. When this resolves it runs, or its item says why it does not. */
  async start(): Promise<void> {
    const { terminals, output, threadId, turnId, ports } = this.#turn;
    const process = terminals.isFull
      ? `${LIMITS.processes} commands are running; end one of them first`
      : await this.#spawn();
    if (typeof process === 'string') {
      await output.started(this.#item);
      return this.#end({
        ...this.#item,
        status: 'failed',
        aggregatedOutput: process,
        exitCode: -1,
        durationMs: 0,
      });
    }
    const { events, clock } = ports;
    const { script } = this.#command;
    this.#terminal = new Terminal({ process, item: this.#item, script, threadId, turnId, events, clock });
    terminals.add(this.#terminal);
    await output.started(this.#item);
  }

  /** Resolves when the command that was started has ended and everybody was told. */
  async end(): Promise<void> {
    const terminal = this.#terminal;
    if (terminal === undefined) return;
    const { signal, terminals } = this.#turn;
    await terminal.attend(this.#command.timeoutMs, signal).catch(() => {});
    terminals.remove(terminal);
    if (terminal.isFinished) return this.#end(terminal.completedItem());
    await terminal.kill();
    const killed = terminal.completedItem();
    await this.#end(signal.aborted ? killed : { ...killed, status: 'failed', exitCode: TIMED_OUT });
  }

  async #spawn() {
    const { ports, settings } = this.#turn;
    const { environment, shell } = ports.host;
    try {
      return await ports.processes.spawn({
        argv: [shell, '-lc', this.#command.script],
        cwd: settings.cwd,
        env: environment,
        terminal: null,
        input: 'none',
        sandbox: null,
      });
    } catch (error) {
      if (error instanceof SpawnError) return error.message;
      throw error;
    }
  }

  async #end(item: CommandExecutionItem): Promise<void> {
    const { thread, output, turnId } = this.#turn;
    thread.tell(this.#note(item));
    if (!this.#turn.isEnded) return output.completed(item);
    reportLateEnd(thread, turnId, item);
  }

  #note({ aggregatedOutput, exitCode }: CommandExecutionItem): MessageItem {
    const { ports } = this.#turn;
    const seconds = (ports.clock.monotonic() - this.#startedAt) / 1_000;
    const output = truncateForModel(aggregatedOutput ?? '', LIMITS.modelOutputTokens);
    const result = `Exit code: ${exitCode}\nDuration: ${seconds.toFixed(4)} seconds\nOutput:\n${output}`;
    const text = `<user_shell_command>\n<command>\n${this.#command.script}\n</command>\n<result>\n${result}\n</result>\n</user_shell_command>`;
    const id = `msg_${ports.ids.uuid()}`;
    return { type: 'message', id, role: 'user', content: [{ type: 'input_text', text }] };
  }
}
