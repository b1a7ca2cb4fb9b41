import type {
  NotificationMethod,
  NotificationParams,
  ThreadItem,
  Turn as TurnView,
} from '@millrace/protocol';
import type { Clock, RoomSignal, ThreadEvents, TurnStarter } from './ports.js';
import { type ItemText, TurnItems } from './turn-items.js';

type DeltaMethod =
  | 'item/agentMessage/delta'
  | 'item/plan/delta'
  | 'item/reasoning/summaryTextDelta'
  | 'item/reasoning/textDelta';

export interface TurnOutputOptions {
  readonly events: ThreadEvents;
  readonly clock: Clock;
  readonly threadId: string;
  readonly turnId: string;
  /** Whose view may hold the turn up; undefined where the thread began it by itself. */
  readonly starter: TurnStarter | undefined;
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
  readonly #turn: { readonly starter: TurnStarter } | undefined;
  readonly #threadId: string;
  readonly #turnId: string;

  constructor(options: TurnOutputOptions) {
    this.#options = options;
    this.#turn = options.starter && { starter: options.starter };
    this.#threadId = options.threadId;
    this.#turnId = options.turnId;
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
    const done = {
      ...item,
      startedAtMs: this.items.find(item.id)?.startedAtMs ?? item.startedAtMs,
      completedAtMs,
    };
    const params = { item: done, threadId, turnId, contentTokenCount: null, completedAtMs };
    return this.#put('item/completed', params, () => {
      this.items.complete(done);
      onCompleted(done);
    });
  }

  /** Starts an item and closes it at once: it came as a whole. */
  async shown(item: ThreadItem): Promise<void> {
    await this.started(item);
    await this.completed(item);
  }

  messageDelta(itemId: string, delta: string): Promise<void> | undefined {
    return this.#delta(
      'item/agentMessage/delta',
      { threadId: this.#threadId, turnId: this.#turnId, itemId, delta },
      'text',
      0,
    );
  }

  planDelta(itemId: string, delta: string): Promise<void> | undefined {
    return this.#delta(
      'item/plan/delta',
      { threadId: this.#threadId, turnId: this.#turnId, itemId, delta },
      'text',
      0,
    );
  }

  reasoningSummaryPart(itemId: string, summaryIndex: number): Promise<void> | undefined {
    return this.#put(
      'item/reasoning/summaryPartAdded',
      { threadId: this.#threadId, turnId: this.#turnId, itemId, summaryIndex },
      () => this.items.append(itemId, 'summary', summaryIndex, ''),
    );
  }

  reasoningSummaryDelta(itemId: string, summaryIndex: number, delta: string): Promise<void> | undefined {
    const params = { threadId: this.#threadId, turnId: this.#turnId, itemId, delta, summaryIndex };
    return this.#delta('item/reasoning/summaryTextDelta', params, 'summary', summaryIndex);
  }

  reasoningDelta(itemId: string, contentIndex: number, delta: string): Promise<void> | undefined {
    const params = { threadId: this.#threadId, turnId: this.#turnId, itemId, delta, contentIndex };
    return this.#delta('item/reasoning/textDelta', params, 'content', contentIndex);
  }

  /** Ends the turn. The slot for it was reserved when the turn began, so this neither waits nor fails. */
  ended(turn: TurnView): void {
    this.#options.events.emit(
      this.#options.threadId,
      'turn/completed',
      { threadId: this.#options.threadId, turn },
      this.#turn,
    );
  }

  /** The path of every delta: nothing is made for a later that mostly does not come. */
  #delta<M extends DeltaMethod>(
    method: M,
    params: NotificationParams<M>,
    part: ItemText,
    index: number,
  ): Promise<void> | undefined {
    const room = this.#options.events.emit(this.#options.threadId, method, params, this.#turn);
    const { itemId, delta } = params;
    if (room !== undefined) {
      return this.#putWhenRoom(room, method, params, () => this.items.append(itemId, part, index, delta));
    }
    this.items.append(itemId, part, index, delta);
    return undefined;
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
      room = events.emit(
        threadId,
        method,
        params,
        force && this.#turn ? { ...this.#turn, force } : this.#turn,
      );
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
