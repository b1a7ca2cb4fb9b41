import type { AgentMessageItem } from '@millrace/protocol';
import type { TurnOutput } from './turn-output.js';

/**
 * How what the model says is shown to clients. One of it reads one response.
 *
 * Each method returns what those of {@link TurnOutput} return: undefined when it was taken, else a promise to wait for.
 */
export interface Speech {
  /** The model begins a message. */
  started(message: AgentMessageItem): Promise<void> | undefined;
  delta(messageId: string, delta: string): Promise<void> | undefined;
  /** The message as a whole, which counts whatever was streamed. It may not have been started. */
  completed(message: AgentMessageItem): Promise<void> | undefined;
}

/** Shows every message as an item of the agent. */
export class AgentSpeech implements Speech {
  readonly #output: TurnOutput;

  constructor(output: TurnOutput) {
    this.#output = output;
  }

  started(message: AgentMessageItem): Promise<void> | undefined {
    return this.#output.started(message);
  }

  delta(messageId: string, delta: string): Promise<void> | undefined {
    return this.#output.messageDelta(messageId, delta);
  }

  completed(message: AgentMessageItem): Promise<void> | undefined {
    return this.#output.items.isOpen(message.id)
      ? this.#output.completed(message)
      : this.#output.shown(message);
  }
}

/** Shows nothing, and keeps what was said last. */
export class SilentSpeech implements Speech {
  #last = '';

  /** The text of the last whole message; empty where there was none. */
  get last(): string {
    return this.#last;
  }

  started(): undefined {}

  delta(): undefined {}

  completed({ text }: AgentMessageItem): undefined {
    this.#last = text;
  }
}
