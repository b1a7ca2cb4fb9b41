import { type AgentMessageItem, newPlan } from '@millrace/protocol';
import { type PlanPiece, PlanSplitter, splitPlan } from './plan-splitter.js';
import type { Speech } from './speech.js';
import type { TurnOutput } from './turn-output.js';

/**
 * Shows what the model says in plan mode: the plan as an item of its own, the rest as a message, which begins only with the first
 * word that stands outside the plan. A turn has one plan: a later one takes the place of the earlier.
 */
export class PlanSpeech implements Speech {
  readonly #output: TurnOutput;
  readonly #planId: string;
  #splitter = new PlanSplitter();
  #message: AgentMessageItem | undefined;
  /** Space before the first word. */
  #space = '';

  constructor(output: TurnOutput, turnId: string) {
    this.#output = output;
    this.#planId = `${turnId}-plan`;
  }

  started(message: AgentMessageItem): undefined {
    this.#message = message;
    this.#splitter = new PlanSplitter();
    this.#space = '';
  }

  delta(_messageId: string, delta: string): Promise<void> | undefined {
    const pieces = this.#splitter.write(delta);
    return pieces.length === 0 ? undefined : this.#showAll(pieces);
  }

  async completed(message: AgentMessageItem): Promise<void> {
    const isStreamed = this.#message?.id === message.id;
    if (isStreamed) await this.#showAll(this.#splitter.end());
    const { message: text, plan } = splitPlan(message.text);
    if (plan !== undefined && !this.#hasShown(plan)) await this.#output.shown(this.#plan(plan));
    if (this.#output.items.isOpen(message.id)) await this.#output.completed({ ...message, text });
    else if (text.trim() !== '') await this.#output.shown({ ...message, text });
  }

  async #showAll(pieces: readonly PlanPiece[]): Promise<void> {
    for (const piece of pieces) {
      const room = this.#show(piece);
      if (room !== undefined) await room;
    }
  }

  #show(piece: PlanPiece): Promise<void> | undefined {
    switch (piece.type) {
      case 'opened':
        return this.#output.started(this.#plan(''));
      case 'plan':
        return this.#output.planDelta(this.#planId, piece.text);
      case 'closed': {
        const plan = this.#output.items.current(this.#planId);
        return plan === undefined ? undefined : this.#output.completed(plan);
      }
      case 'message':
        return this.#say(piece.text);
    }
  }

  #say(text: string): Promise<void> | undefined {
    const message = this.#message;
    if (message === undefined) return undefined;
    if (this.#output.items.isOpen(message.id)) return this.#output.messageDelta(message.id, text);
    this.#space += text;
    return this.#space.trim() === '' ? undefined : this.#begin(message, this.#space);
  }

  async #begin(message: AgentMessageItem, text: string): Promise<void> {
    await this.#output.started(message);
    await this.#output.messageDelta(message.id, text);
  }

  #hasShown(plan: string): boolean {
    const shown = this.#output.items.find(this.#planId);
    return shown?.type === 'plan' && !this.#output.items.isOpen(shown.id) && shown.text === plan;
  }

  #plan(text: string) {
    return newPlan({ id: this.#planId, startedAtMs: this.#output.now(), text });
  }
}
