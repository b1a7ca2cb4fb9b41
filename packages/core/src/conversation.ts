import { LIMITS, newUserMessage } from '@millrace/protocol';
import { ModelRound } from './model-round.js';
import { openHistory } from './open-history.js';
import { ModelError } from './ports.js';
import type { TurnWork, WorkContext } from './turn-work.js';
import { type TurnInput, toModelContent } from './user-input.js';

/**
 * The work of most turns: model → items → tools → model …, until the model asks for no more tools and the user has said nothing
 * more.
 */
export class Conversation implements TurnWork {
  readonly notSteerable = undefined;
  readonly #outputSchema: unknown;
  /** Input that the model has not seen yet. */
  readonly #pending: TurnInput[];
  #round: ModelRound | undefined;

  /** @param outputSchema JSON Schema of the final message, where the client asked for one. */
  constructor(input: TurnInput, outputSchema?: unknown) {
    this.#pending = [input];
    this.#outputSchema = outputSchema;
  }

  /** What the model is saying is cut short, running tools are waited for. */
  steer(input: TurnInput): 'taken' | 'full' {
    if (this.#pending.length >= LIMITS.threadMailbox) return 'full';
    this.#pending.push(input);
    this.#round?.cutShort();
    return 'taken';
  }

  async run(turn: WorkContext): Promise<void> {
    for (let rounds = 0; rounds < LIMITS.modelCallsPerTurn; rounds++) {
      await this.#takeInput(turn);
      this.#round = new ModelRound(turn, { outputSchema: this.#outputSchema });
      const wantsMore = await this.#round.run();
      this.#round = undefined;
      if (turn.signal.aborted) throw turn.signal.reason;
      if (wantsMore || this.#pending.length > 0) continue;
      turn.close(); // In the same tick as the check: input that comes later starts a turn of its own.
      return;
    }
    const message = `the turn asked the model ${LIMITS.modelCallsPerTurn} times without coming to an end`;
    throw new ModelError(message, { info: 'other', retryable: false });
  }

  /** Shows and records what the user said since the last round. */
  async #takeInput(turn: WorkContext): Promise<void> {
    openHistory(turn);
    for (let input = this.#pending.shift(); input !== undefined; input = this.#pending.shift()) {
      const { content, clientId } = input;
      if (content.length === 0) continue;
      const startedAtMs = turn.output.now();
      const item = newUserMessage({ id: turn.ports.ids.uuid(), startedAtMs, content, clientId });
      await turn.output.started(item);
      await turn.output.completed(item);
      turn.remember({
        type: 'message',
        role: 'user',
        id: `msg_${item.id}`,
        content: await toModelContent(content, turn.ports),
      });
      if (turn.signal.aborted) throw turn.signal.reason;
    }
  }
}
