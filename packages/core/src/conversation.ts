import { LIMITS, newUserMessage } from '@millrace/protocol';
import { isWorthCompacting } from './compacted-history.js';
import { compact, isWindowExceeded } from './compaction.js';
import { ModelRound } from './model-round.js';
import { openHistory } from './open-history.js';
import { ModelError } from './ports.js';
import { namedSkills } from './skill-context.js';
import type { Steered, TurnWork, WorkContext } from './turn-work.js';
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
  #hasMadeRoom = false;
  #onShown: (() => void) | undefined;

  /**
   * @param input Absent where the user has said nothing.
   * @param onShown Called once, in the tick in which the first input has become an item of the thread.
   */
  constructor(input: TurnInput | undefined, onShown?: () => void) {
    this.#pending = input === undefined ? [] : [input];
    this.#outputSchema = input?.outputSchema ?? undefined;
    this.#onShown = onShown;
  }

  /** What the model is saying is cut short, running tools are waited for. */
  steer(input: TurnInput): Steered {
    if (!this.#endsAs(input.outputSchema ?? undefined)) return 'otherSchema';
    if (this.#pending.length >= LIMITS.threadMailbox) return 'full';
    this.#pending.push(input);
    this.#round?.cutShort();
    return 'taken';
  }

  async run(turn: WorkContext): Promise<void> {
    await turn.thread.mcp.settled(turn.signal);
    for (let rounds = 0; rounds < LIMITS.modelCallsPerTurn; rounds++) {
      if (turn.thread.account.isCompactionDue && isWorthCompacting(turn.history)) await compact(turn);
      await this.#takeInput(turn);
      const wantsMore = await this.#ask(turn);
      if (turn.signal.aborted) throw turn.signal.reason;
      if (wantsMore || this.#pending.length > 0) continue;
      turn.close(); // In the same tick as the check: input that comes later starts a turn of its own.
      return;
    }
    const message = `the turn asked the model ${LIMITS.modelCallsPerTurn} times without coming to an end`;
    throw new ModelError(message, { info: 'other', retryable: false });
  }

  /** Whether the turn ends with a message of that schema; of any where none is named. */
  #endsAs(outputSchema: unknown): boolean {
    return outputSchema === undefined || JSON.stringify(outputSchema) === JSON.stringify(this.#outputSchema);
  }

  /**
   * One round. Where the model cannot be given as much as was said, the history is compacted and the model asked again, once in a
   * turn. Returns whether there is more to ask.
   */
  async #ask(turn: WorkContext): Promise<boolean> {
    this.#round = new ModelRound(turn, { outputSchema: this.#outputSchema });
    try {
      return await this.#round.run();
    } catch (error) {
      if (this.#hasMadeRoom || !isWindowExceeded(error) || !isWorthCompacting(turn.history)) throw error;
      this.#hasMadeRoom = true;
    } finally {
      this.#round = undefined;
    }
    await compact(turn);
    return true;
  }

  /** Shows and records what the user said since the last round. */
  async #takeInput(turn: WorkContext): Promise<void> {
    await openHistory(turn);
    for (let input = this.#pending.shift(); input !== undefined; input = this.#pending.shift()) {
      const { content, clientId } = input;
      if (content.length === 0) continue;
      const startedAtMs = turn.output.now();
      const item = newUserMessage({ id: turn.ports.ids.uuid(), startedAtMs, content, clientId });
      await turn.output.started(item);
      await turn.output.completed(item);
      this.#onShown?.();
      this.#onShown = undefined;
      turn.remember({
        type: 'message',
        role: 'user',
        id: `msg_${item.id}`,
        content: await toModelContent(content, turn.ports),
      });
      turn.remember(...(await namedSkills(content, turn.settings.cwd, turn.ports)));
      if (turn.signal.aborted) throw turn.signal.reason;
    }
  }
}
