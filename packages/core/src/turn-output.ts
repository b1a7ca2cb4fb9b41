import type { NotificationMethod, NotificationParams, ThreadItem, Turn as TurnView } from '@millrace/protocol';
import type { Clock, RoomSignal, ThreadEvents, TurnStarter } from './ports.js';
import { TurnItems } from './turn-items.js';

export interface TurnOutputOptions {
  readonly events: ThreadEvents;
  readonly clock: Clock;
  readonly threadId: string;
  readonly turnId: string;
  readonly starter: TurnStarter;
  /** Aborted when the turn is interrupted: from then on nothing waits for a slow consumer any more. */
  readonly signal: AbortSignal;
  /** Called with each item when it is complete, before anybody can see that it is. */
  readonly onCompleted: (item: ThreadItem) => void;
}

/**
 * Everything a turn says: `item/*`, deltas, and once `turn/completed`.
 *
 * Each method returns `undefined` when the event was taken, else a promise: the consumer that started the turn is full and the
 * turn must not go on before it resolves. That is what holds up the model stream (end-to-end backpressure). It resolves when the
 * event was taken, or was skipped because the consumer was too slow or the turn was interrupted; it never rejects.
 *
 * Order: the order of the calls, where each awaits the one before. State changes exactly when the event is taken, so a snapshot
 * and the events after it never overlap.
 */
export class TurnOutput {
  readonly items = new TurnItems();
  readonly #options: TurnOutputOptions;
  readonly #turn: { readonly starter: TurnStarter };

  constructor(options: TurnOutputOptions) {
    this.#options = options;
    this.#turn = { starter: options.starter };
  }

  /** Sends any notification of the turn. */
  emit<M extends NotificationMethod>(method: M, params: NotificationParams<M>): Promise<void> | undefined {
    return this.#put(method, params, undefined);
  }

  /** Unix time in milliseconds, for the items of the turn. */
  now(): number {
    return this.#options.clock.now();
  }

  started(item: ThreadItem): Promise<void> | undefined {
    const { threadId, turnId } = this.#options;
    const startedAtMs = item.startedAtMs ?? this.now();
    return this.#put('item/started', { item, threadId, turnId, startedAtMs }, () => this.items.start(item));
  }

  /** Closes an item: what it says now is authoritative, whatever was streamed. */
  completed(item: ThreadItem): Promise<void> | undefined {
    const { threadId, turnId, onCompleted } = this.#options;
    const completedAtMs = this.now();
    const done = { ...item, startedAtMs: this.items.find(item.id)?.startedAtMs ?? item.startedAtMs, completedAtMs };
    const params = { item: done, threadId, turnId, contentTokenCount: null, completedAtMs };
    return this.#put('item/completed', params, () => {
      this.items.complete(done);
      onCompleted(done);
    });
  }

  messageDelta(itemId: string, delta: string): Promise<void> | undefined {
    const { threadId, turnId } = this.#options;
    const params = { threadId, turnId, itemId, delta };
    return this.#put('item/agentMessage/delta', params, () => this.items.append(itemId, 'text', 0, delta));
  }

  planDelta(itemId: string, delta: string): Promise<void> | undefined {
    const { threadId, turnId } = this.#options;
    const params = { threadId, turnId, itemId, delta };
    return this.#put('item/plan/delta', params, () => this.items.append(itemId, 'text', 0, delta));
  }

  reasoningSummaryPart(itemId: string, summaryIndex: number): Promise<void> | undefined {
    const { threadId, turnId } = this.#options;
    const params = { threadId, turnId, itemId, summaryIndex };
    return this.#put('item/reasoning/summaryPartAdded', params, () =>
      this.items.append(itemId, 'summary', summaryIndex, ''),
    );
  }

  reasoningSummaryDelta(itemId: string, summaryIndex: number, delta: string): Promise<void> | undefined {
    const { threadId, turnId } = this.#options;
    const params = { threadId, turnId, itemId, delta, summaryIndex };
    return this.#put('item/reasoning/summaryTextDelta', params, () =>
      this.items.append(itemId, 'summary', summaryIndex, delta),
    );
  }

  reasoningDelta(itemId: string, contentIndex: number, delta: string): Promise<void> | undefined {
    const { threadId, turnId } = this.#options;
    const params = { threadId, turnId, itemId, delta, contentIndex };
    return this.#put('item/reasoning/textDelta', params, () =>
      this.items.append(itemId, 'content', contentIndex, delta),
    );
  }

  /** Ends the turn. The slot for it was reserved when the turn began, so this neither waits nor fails. */
  ended(turn: TurnView): void {
    this.#options.events.emit(this.#options.threadId, 'turn/completed', { threadId: this.#options.threadId, turn }, this.#turn);
  }

  #put<M extends NotificationMethod>(
    method: M,
    params: NotificationParams<M>,
    apply: (() => void) | undefined,
  ): Promise<void> | undefined {
    const room = this.#options.events.emit(this.#options.threadId, method, params, this.#turn);
    if (room !== undefined) return this.#putWhenRoom(room, method, params, apply);
    apply?.();
    return undefined;
  }

  async #putWhenRoom<M extends NotificationMethod>(
    first: RoomSignal,
    method: M,
    params: NotificationParams<M>,
    apply: (() => void) | undefined,
  ): Promise<void> {
    const { events, threadId, signal } = this.#options;
    let room: RoomSignal | undefined = first;
    while (room !== undefined) {
      const force = await isTooSlow(room, signal);
      room = events.emit(threadId, method, params, force ? { ...this.#turn, force } : this.#turn);
    }
    apply?.();
  }
}

/** Whether to go on without the consumer: it was too slow, or the turn was interrupted meanwhile. */
async function isTooSlow(room: RoomSignal, signal: AbortSignal): Promise<boolean> {
  try {
    return (await room.wait(signal)) === 'behind';
  } catch {
    return true;
  }
}
