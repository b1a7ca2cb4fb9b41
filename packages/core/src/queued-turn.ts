import type { QueuedSubmission } from '@millrace/protocol';
import { Conversation } from './conversation.js';
import type { Steered, TurnWork, WorkContext } from './turn-work.js';
import type { TurnInput } from './user-input.js';

/** A conversation about a submission that has waited in the queue of its thread. */
export class QueuedTurn implements TurnWork {
  readonly notSteerable = undefined;
  readonly input: TurnInput;
  readonly submission: QueuedSubmission;
  readonly #conversation: Conversation;
  #onShown = (): void => {};

  constructor(submission: QueuedSubmission) {
    const { input: content, clientUserMessageId: clientId } = submission;
    this.submission = submission;
    this.input = { content, clientId };
    this.#conversation = new Conversation(this.input, () => this.#onShown());
  }

  steer(input: TurnInput): Steered {
    return this.#conversation.steer(input);
  }

  /**
   * The log says that the submission is not queued any more right after it has the input as an item of the turn, so a crash leaves
   * it in one of the two. A turn that ends before that gives it back.
   */
  async run(turn: WorkContext): Promise<void> {
    const { submission } = this;
    let isShown = false;
    this.#onShown = () => {
      isShown = true;
      turn.thread.record({ type: 'unqueued', submissionId: submission.id });
    };
    try {
      await this.#conversation.run(turn);
    } finally {
      if (!isShown) turn.agenda.giveBack(submission);
    }
  }
}
