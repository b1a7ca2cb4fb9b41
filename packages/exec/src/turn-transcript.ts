import type { ClientEvent } from '@millrace/client';
import type { NotificationParams, ThreadItem, TokenUsageBreakdown, Turn } from '@millrace/protocol';
import type { ExecEnd, ExecOutput } from './exec-output.js';

type Notification = Extract<ClientEvent, { readonly type: 'notification' }>;

/**
 * Follows one turn and shows it: each item once when it begins and once when it ends, whether it was told by its events, by the
 * snapshot after a gap, or by the end of the turn.
 *
 * Memory: the id of each item of the turn, and its last message and plan.
 */
export class TurnTranscript {
  readonly #turnId: string;
  readonly #output: ExecOutput;
  readonly #started = new Set<string>();
  readonly #completed = new Set<string>();
  #isStarted = false;
  #usage: TokenUsageBreakdown | undefined;
  #lastMessage: string | undefined;
  #lastPlan: string | undefined;

  constructor(turnId: string, output: ExecOutput) {
    this.#turnId = turnId;
    this.#output = output;
  }

  /** Shows an event. Returns how the turn ended once that is known; events of other turns are ignored. */
  async take(event: ClientEvent): Promise<ExecEnd | undefined> {
    switch (event.type) {
      case 'notification':
        return this.#notified(event);
      case 'lagged':
        await this.#output.lagged(event.skipped);
        return undefined;
      case 'resynced':
        if (event.activeTurn?.id === this.#turnId) await this.#reconcile(event.activeTurn);
        return undefined;
      default:
        return undefined;
    }
  }

  async #notified(event: Notification): Promise<ExecEnd | undefined> {
    switch (event.method) {
      case 'turn/started':
        if (event.params.turn.id === this.#turnId) await this.#begin();
        return undefined;
      case 'turn/completed':
        return event.params.turn.id === this.#turnId ? this.#end(event.params.turn) : undefined;
      case 'item/started':
      case 'item/completed':
      case 'item/agentMessage/delta':
      case 'turn/plan/updated':
      case 'thread/tokenUsage/updated':
      case 'error':
        if (event.params.turnId === this.#turnId) await this.#inTurn(event);
        return undefined;
      default:
        return undefined;
    }
  }

  async #inTurn(event: Notification): Promise<void> {
    switch (event.method) {
      case 'item/started':
        return this.#start(event.params.item);
      case 'item/completed':
        return this.#complete(event.params.item);
      case 'item/agentMessage/delta':
        if (this.#completed.has(event.params.itemId)) return;
        return this.#output.messageDelta(event.params.itemId, event.params.delta);
      case 'turn/plan/updated':
        return this.#output.planUpdated(event.params.plan);
      case 'thread/tokenUsage/updated':
        this.#usage = event.params.tokenUsage.total;
        return;
      case 'error':
        return this.#fail(event.params);
      default:
        return;
    }
  }

  #fail({ error, willRetry }: NotificationParams<'error'>): Promise<void> {
    return this.#output.turnError(error, willRetry);
  }

  async #begin(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    await this.#output.turnStarted();
  }

  async #start(item: ThreadItem): Promise<void> {
    if (this.#started.has(item.id) || this.#completed.has(item.id)) return;
    this.#started.add(item.id);
    await this.#output.itemStarted(item);
  }

  async #complete(item: ThreadItem): Promise<void> {
    if (this.#completed.has(item.id)) return;
    this.#completed.add(item.id);
    if (item.type === 'agentMessage') this.#lastMessage = item.text;
    if (item.type === 'plan') this.#lastPlan = item.text;
    await this.#output.itemCompleted(item);
  }

  /** Catches up with the turn as somebody else saw it. */
  async #reconcile(turn: Turn): Promise<void> {
    await this.#begin();
    for (const item of turn.items) {
      if (typeof item.completedAtMs === 'number') await this.#complete(item);
      else await this.#start(item);
    }
  }

  async #end(turn: Turn): Promise<ExecEnd> {
    await this.#reconcile(turn);
    const finalMessage = turn.status === 'completed' ? (this.#lastMessage ?? this.#lastPlan) : undefined;
    return { turn, usage: this.#usage, finalMessage };
  }
}
