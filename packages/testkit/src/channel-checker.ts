import type { Channel } from '@millrace/channel';
import type { ChannelModel, SizedMessage } from './channel-model.js';
import { InvariantViolation, invariant, invariantEqual } from './invariant.js';

interface CheckedSend {
  readonly message: SizedMessage;
  readonly controller: AbortController;
  expected: 'sent' | 'closed' | 'aborted' | undefined;
  actual: 'sent' | 'closed' | 'aborted' | undefined;
}

interface CheckedReceive {
  readonly controller: AbortController;
  readonly isBatch: boolean;
  actual: readonly SizedMessage[] | 'aborted' | undefined;
}

/**
 * Drives a channel and its model side by side, and compares them after each step.
 *
 * It hooks `tryReceive` of the channel, by which every way of receiving takes its messages, so that the model takes its
 * message at the same moment.
 */
export class ChannelChecker {
  readonly #channel: Channel<SizedMessage>;
  readonly #model: ChannelModel;
  readonly #sends: CheckedSend[] = [];
  #receive: CheckedReceive | undefined;
  /** Found inside a receive that is under way. */
  #violation: InvariantViolation | undefined;
  /** Taken by the receive that is under way, in order. */
  #taken: SizedMessage[] = [];

  constructor(channel: Channel<SizedMessage>, model: ChannelModel) {
    this.#channel = channel;
    this.#model = model;
    const tryReceive = channel.tryReceive.bind(channel);
    channel.tryReceive = () => {
      const message = tryReceive();
      invariantEqual(message, model.receive(), 'CH-3', 'the message received');
      if (message !== undefined) this.#taken.push(message);
      return message;
    };
  }

  get isReceiving(): boolean {
    return this.#receive !== undefined;
  }

  trySend(message: SizedMessage): void {
    const id = this.#model.waiting.length > 0 ? 'CH-9' : 'CH-4';
    invariantEqual(this.#channel.trySend(message), this.#model.trySend(message), id, 'trySend');
    this.check();
  }

  send(message: SizedMessage): void {
    const send: CheckedSend = {
      message,
      controller: new AbortController(),
      expected: undefined,
      actual: undefined,
    };
    this.#sends.push(send);
    this.#model.send(message, (result) => {
      send.expected = result;
    });
    this.#channel.send(message, send.controller.signal).then(
      (result) => {
        send.actual = result;
      },
      () => {
        send.actual = 'aborted';
      },
    );
    this.check();
  }

  /** Aborts one of the sends that wait; does nothing when there is none. */
  abortSend(index: number): void {
    const waiting = this.#sends.filter((send) => send.expected === undefined);
    const send = waiting[index % Math.max(1, waiting.length)];
    if (send === undefined) return;
    send.expected = 'aborted';
    // The model first: the channel may hand on the room within the abort.
    this.#model.abortSend(send.message);
    send.controller.abort('aborted');
    this.check();
  }

  tryReceive(): void {
    this.#channel.tryReceive();
    if (this.#receive === undefined) this.#taken = [];
    this.check();
  }

  /** Starts a receive and leaves it under way. */
  startReceive(max: number): void {
    const receive: CheckedReceive = {
      controller: new AbortController(),
      isBatch: max > 1,
      actual: undefined,
    };
    this.#receive = receive;
    this.#taken = [];
    const { signal } = receive.controller;
    const result = receive.isBatch
      ? this.#channel.receiveBatch(max, signal)
      : this.#channel.receive(signal).then((message) => (message === undefined ? [] : [message]));
    result.then(
      (messages) => {
        receive.actual = messages;
      },
      (error: unknown) => {
        receive.actual = 'aborted';
        if (error instanceof InvariantViolation) this.#violation = error;
      },
    );
    this.check();
  }

  abortReceive(): void {
    this.#receive?.controller.abort('aborted');
    this.check();
  }

  /** A second receive while one waits is refused, and the first stays good (CH-8). */
  async secondReceive(): Promise<void> {
    await settle();
    this.#finishReceive();
    if (this.#receive === undefined) return;
    const outcome = await this.#channel.receive().then(
      () => 'resolved',
      (error: { readonly code?: string }) => error.code,
    );
    invariantEqual(outcome, 'CONCURRENT_RECEIVE', 'CH-8', 'the second receive');
    this.check();
  }

  close(): void {
    this.#model.close();
    this.#channel.close();
    this.check();
  }

  dispose(): void {
    this.#model.dispose();
    this.#channel.dispose();
    this.check();
  }

  /** What must hold in the middle of everything. */
  check(): void {
    const { stats } = this.#channel;
    const model = this.#model;
    const { offered, received, refused, discarded } = model;
    invariantEqual(
      stats,
      { offered, received, refused, discarded, queued: model.queued.length },
      'CH-1',
      'stats',
    );
    const sum = stats.received + stats.refused + stats.discarded + stats.queued;
    invariant(stats.offered === sum, 'CH-1', `${stats.offered} offered, ${sum} accounted for`);
    invariant(
      this.#channel.size <= model.capacity,
      'CH-2',
      `${this.#channel.size} of ${model.capacity} are queued`,
    );
    invariantEqual(this.#channel.bytes, model.bytes, 'CH-2', 'bytes');
    invariantEqual(this.#channel.state, model.state, 'CH-6', 'state');
    invariantEqual(this.#channel.waiting, model.waiting.length, 'CH-7', 'waiting senders');
  }

  /** Lets every promise settle, then checks what must hold at rest. */
  async checkAtRest(): Promise<void> {
    await settle();
    if (this.#violation !== undefined) throw this.#violation;
    this.check();
    for (const send of this.#sends)
      invariantEqual(send.actual, send.expected, 'CH-7', `send of ${send.message.id}`);
    this.#finishReceive();
    if (this.#receive === undefined) return;
    invariant(this.#model.queued.length === 0, 'CH-5', 'a receive waits although a message is queued');
    invariant(this.#model.state !== 'done', 'CH-6', 'a receive waits although the channel is done');
  }

  #finishReceive(): void {
    const receive = this.#receive;
    if (receive?.actual === undefined) return;
    this.#receive = undefined;
    if (receive.actual === 'aborted') {
      invariantEqual(this.#taken, [], 'CH-7', 'taken by an aborted receive');
      return;
    }
    invariantEqual(receive.actual, this.#taken, 'CH-3', 'the answer of a receive');
    if (receive.actual.length === 0)
      invariantEqual(this.#model.state, 'done', 'CH-6', 'the state at the end');
  }
}

/** Lets all that is ready in microtasks run. The longest chain of promises in the channel package is shorter. */
export async function settle(): Promise<void> {
  for (let tick = 0; tick < 12; tick += 1) await undefined;
}
