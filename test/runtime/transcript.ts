import type { ClientEvent } from '@millrace/client';
import type { NotificationMethod, ThreadItem, ThreadStatus, Turn } from '@millrace/protocol';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The state of one thread as a client rebuilds it from the stream alone: turns, items, and the text that deltas add up to.
 *
 * What it holds once everything was read is what the server says of the thread (EV-9).
 */
export class Transcript {
  readonly turns = new Map<string, Turn>();
  /** By item: what its deltas add up to. */
  readonly streamed = new Map<string, string>();
  /** Turns whose items have to be asked for, because they ended in a gap. */
  readonly notLoaded = new Set<string>();
  readonly methods: string[] = [];
  status: ThreadStatus | undefined;
  plan: unknown;
  diff: string | undefined;
  readonly #threadId: string;
  readonly #items = new Map<string, Map<string, ThreadItem>>();

  constructor(threadId: string) {
    this.#threadId = threadId;
  }

  /** The items of a turn, in the order in which they started. */
  items(turnId: string): ThreadItem[] {
    return [...(this.#items.get(turnId)?.values() ?? [])];
  }

  /** Takes in the next event; those of other threads change nothing. */
  read(event: ClientEvent): void {
    if (event.type === 'resynced') this.#resync(event);
    if (event.type !== 'notification') return;
    const params = event.params as Fields;
    if (params.threadId !== this.#threadId) return;
    this.methods.push(event.method);
    this.#apply(event.method, params);
  }

  #apply(method: NotificationMethod, params: Fields): void {
    switch (method) {
      case 'turn/started':
      case 'turn/completed':
        this.#setTurn(params.turn as Turn);
        return;
      case 'item/started':
      case 'item/completed':
        this.#setItem(String(params.turnId), params.item as ThreadItem);
        return;
      case 'item/agentMessage/delta':
      case 'item/reasoning/summaryTextDelta':
        this.#append(String(params.itemId), String(params.delta));
        return;
      case 'thread/status/changed':
        this.status = params.status as ThreadStatus;
        return;
      case 'turn/plan/updated':
        this.plan = params.plan;
        return;
      case 'turn/diff/updated':
        this.diff = String(params.diff);
        return;
      default:
        return;
    }
  }

  /** A snapshot replaces what is known of the turns that it names. */
  #resync({ threadId, thread, turns, activeTurn }: Extract<ClientEvent, { type: 'resynced' }>): void {
    if (threadId !== this.#threadId) return;
    this.status = thread.status;
    for (const turn of turns) {
      this.#setTurn(turn);
      if (turn.id !== activeTurn?.id) this.notLoaded.add(turn.id);
    }
    if (activeTurn === null) return;
    this.#setTurn(activeTurn);
    this.notLoaded.delete(activeTurn.id);
    this.#items.set(activeTurn.id, new Map(activeTurn.items.map((item) => [item.id, item])));
    for (const item of activeTurn.items) this.streamed.set(item.id, textOf(item));
  }

  #setTurn(turn: Turn): void {
    this.turns.set(turn.id, turn);
  }

  #setItem(turnId: string, item: ThreadItem): void {
    const items = this.#items.get(turnId) ?? new Map<string, ThreadItem>();
    items.set(item.id, item);
    this.#items.set(turnId, items);
  }

  #append(itemId: string, delta: string): void {
    this.streamed.set(itemId, (this.streamed.get(itemId) ?? '') + delta);
  }
}

/** The text that streams into an item; empty for items that do not stream. */
export function textOf(item: ThreadItem): string {
  if (item.type === 'agentMessage') return item.text;
  return item.type === 'reasoning' ? item.summary.join('') : '';
}
