import { Conversation } from './conversation.js';
import { openHistory } from './open-history.js';
import type { Steered, TurnWork, WorkContext } from './turn-work.js';
import type { TurnInput } from './user-input.js';
import { type ShellCommand, UserShell } from './user-shell.js';

/** The work of a turn that began with a command line of the user. What the user says meanwhile becomes a conversation after it. */
export class ShellCommandWork implements TurnWork {
  readonly notSteerable = undefined;
  readonly #command: ShellCommand;
  #conversation: Conversation | undefined;

  constructor(command: ShellCommand) {
    this.#command = command;
  }

  steer(input: TurnInput): Steered {
    if (this.#conversation !== undefined) return this.#conversation.steer(input);
    this.#conversation = new Conversation(input);
    return 'taken';
  }

  async run(turn: WorkContext): Promise<void> {
    await openHistory(turn);
    const shell = new UserShell(this.#command, turn);
    await shell.start();
    await shell.end();
    if (turn.signal.aborted) throw turn.signal.reason;
    if (this.#conversation !== undefined) return this.#conversation.run(turn);
    turn.close(); // In the same tick as the check: input that comes later starts a turn of its own.
  }
}
