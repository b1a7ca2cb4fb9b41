import { Consumer, drainInto } from './consumer.js';
import { ChannelError } from './errors.js';
import { capacityOf, DEFAULTS } from './limits.js';
import { RingBuffer } from './ring-buffer.js';
import { WaitList } from './wait-list.js';

/** What a try-send answers. `full` and `closed` mean that nothing was done. */
export type SendResult = 'sent' | 'full' | 'closed';

/** `open` takes messages; `closing` only drains; `done` is drained or disposed. */
export type QueueState = 'open' | 'closing' | 'done';

export interface ChannelOptions<T> {
  /** Messages that may be queued; less than 1 counts as 1. */
  readonly capacity: number;
  /** Bytes that may be queued, as `sizeOf` counts them. One larger message is let in when the channel is empty. */
  readonly maxBytes?: number;
  /** The size of a message in bytes; asked once for each message. Needed with `maxBytes`. */
  readonly sizeOf?: (message: T) => number;
  /** Senders that may wait at once; 1,024 when absent. */
  readonly maxWaiting?: number;
}

/** Counts since the start: offered = received + refused + discarded + queued, at each moment. */
export interface ChannelStats {
  /** Messages that were answered for. A waiting send counts when it is answered, an aborted one never. */
  readonly offered: number;
  readonly received: number;
  /** Answered `full` or `closed`. */
  readonly refused: number;
  /** Queued when the consumer left. */
  readonly discarded: number;
  readonly queued: number;
}

interface Waiting<T> {
  readonly message: T;
  readonly size: number;
}

/**
 * A bounded queue from many senders to one receiver, first in first out.
 *
 * Memory: at most `capacity` messages of together `maxBytes` bytes, and `maxWaiting` messages of waiting senders.
 */
export class Channel<T> {
  readonly capacity: number;
  readonly #maxBytes: number;
  readonly #sizeOf: ((message: T) => number) | undefined;
  readonly #messages = new RingBuffer<T>();
  readonly #sizes = new RingBuffer<number>();
  readonly #senders: WaitList<Waiting<T>, 'sent' | 'closed'>;
  readonly #consumer: Consumer<T>;
  #bytes = 0;
  #state: QueueState = 'open';
  #received = 0;
  #refused = 0;
  #discarded = 0;

  constructor(options: ChannelOptions<T>) {
    this.capacity = capacityOf(options.capacity);
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    this.#sizeOf = options.maxBytes === undefined ? undefined : options.sizeOf;
    if (options.maxBytes !== undefined && options.sizeOf === undefined) {
      throw new ChannelError('INVALID_LIMIT', 'a limit in bytes needs sizeOf');
    }
    this.#senders = new WaitList(capacityOf(options.maxWaiting ?? DEFAULTS.maxWaiting), () =>
      this.#admitSenders(),
    );
    this.#consumer = new Consumer(this);
  }

  /** Messages queued. */
  get size(): number {
    return this.#messages.size;
  }

  /** Bytes queued, as `sizeOf` counts them; 0 without `maxBytes`. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Senders that wait for room. */
  get waiting(): number {
    return this.#senders.size;
  }

  get state(): QueueState {
    return this.#state;
  }

  /** True once the channel is closed and everything was received, or the consumer has left. */
  get isDone(): boolean {
    return this.#state === 'done';
  }

  get stats(): ChannelStats {
    const queued = this.#messages.size;
    const [received, refused, discarded] = [this.#received, this.#refused, this.#discarded];
    return { offered: received + refused + discarded + queued, received, refused, discarded, queued };
  }

  /**
   * Puts a message in without waiting. A refusal has no effect, and no waiting sender is overtaken.
   *
   * @throws {ChannelError} `UNDEFINED_MESSAGE`.
   */
  trySend(message: T): SendResult {
    if (message === undefined) throw undefinedMessage();
    if (this.#state !== 'open') {
      this.#refused += 1;
      return 'closed';
    }
    const size = this.#sizeOf === undefined ? 0 : this.#sizeOf(message);
    if (this.#senders.size !== 0 || !this.#admits(size)) {
      this.#refused += 1;
      return 'full';
    }
    this.#push(message, size);
    return 'sent';
  }

  /**
   * Puts a message in, waiting for room behind those who wait already.
   *
   * Cancel safety: an abort before the message is in rejects with the signal's reason and leaves no trace.
   *
   * @throws {ChannelError} `UNDEFINED_MESSAGE`, `TOO_MANY_WAITING` (as rejections).
   */
  send(message: T, signal?: AbortSignal): Promise<'sent' | 'closed'> {
    if (message === undefined) return Promise.reject(undefinedMessage());
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (this.#state !== 'open') {
      this.#refused += 1;
      return Promise.resolve('closed');
    }
    const size = this.#sizeOf === undefined ? 0 : this.#sizeOf(message);
    if (this.#senders.size !== 0 || !this.#admits(size)) return this.#senders.wait({ message, size }, signal);
    this.#push(message, size);
    return Promise.resolve('sent');
  }

  /** Takes the oldest message; `undefined` when none is queued now. */
  tryReceive(): T | undefined {
    const message = this.#messages.shift();
    if (message === undefined) return undefined;
    if (this.#sizeOf !== undefined) this.#bytes -= this.#sizes.shift() ?? 0;
    this.#received += 1;
    if (this.#senders.size !== 0) this.#admitSenders();
    if (this.#state === 'closing' && this.#messages.size === 0) this.#state = 'done';
    return message;
  }

  /** Takes up to `max` messages that are queued now, oldest first. */
  tryReceiveBatch(max: number): T[] {
    const batch: T[] = [];
    drainInto(this, batch, max);
    return batch;
  }

  /**
   * Waits for the oldest message; `undefined` once the channel is done.
   *
   * Cancel safety: an abort rejects with the signal's reason and takes no message.
   *
   * @throws {ChannelError} `CONCURRENT_RECEIVE` (as a rejection) while another receive waits.
   */
  receive(signal?: AbortSignal): Promise<T | undefined> {
    return this.#consumer.receive(signal);
  }

  /** Like {@link receive}, for up to `max` messages at once; waits only for the first, and is empty once done. */
  receiveBatch(max: number, signal?: AbortSignal): Promise<T[]> {
    return this.#consumer.receiveBatch(max, signal);
  }

  /** Reads to the end. Leaving the loop early takes no message along and leaves the channel open. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return this.#consumer.iterate();
  }

  /** Takes no more messages and answers waiting senders `closed`; what is queued can still be received. Idempotent. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = this.#messages.size === 0 ? 'done' : 'closing';
    this.#refuseSenders();
    this.#consumer.wake();
  }

  /** The consumer leaves: what is queued is dropped, later sends are answered `closed`. Idempotent. */
  dispose(): void {
    this.#state = 'done';
    this.#discarded += this.#messages.size;
    this.#messages.clear();
    this.#sizes.clear();
    this.#bytes = 0;
    this.#refuseSenders();
    this.#consumer.wake();
  }

  #admits(size: number): boolean {
    const queued = this.#messages.size;
    return queued === 0 || (queued < this.capacity && this.#bytes + size <= this.#maxBytes);
  }

  #push(message: T, size: number): void {
    this.#messages.push(message);
    if (this.#sizeOf !== undefined) {
      this.#sizes.push(size);
      this.#bytes += size;
    }
    this.#consumer.wake();
  }

  #admitSenders(): void {
    for (let sender = this.#senders.first; sender !== undefined; sender = this.#senders.first) {
      if (!this.#admits(sender.size)) return;
      this.#push(sender.message, sender.size);
      this.#senders.settleFirst('sent');
    }
  }

  #refuseSenders(): void {
    this.#refused += this.#senders.size;
    while (this.#senders.size !== 0) this.#senders.settleFirst('closed');
  }
}

function undefinedMessage(): ChannelError {
  return new ChannelError(
    'UNDEFINED_MESSAGE',
    'undefined cannot be a message: it stands for "nothing there"',
  );
}
