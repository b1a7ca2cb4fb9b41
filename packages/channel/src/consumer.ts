import { ChannelError } from './errors.js';
import { WaitList } from './wait-list.js';

/** What a {@link Consumer} reads from. */
export interface Source<M> {
  /** Takes what is next; `undefined` when nothing is there now. */
  tryReceive(): M | undefined;
  /** True once nothing is there and nothing will come. */
  readonly isDone: boolean;
}

/**
 * The reading end of a queue: the one consumer, and its wait when there is nothing to read.
 *
 * A message leaves the queue only in the consumer's own turn, never inside the producer's call. So an aborted wait takes
 * nothing along, and whatever reading sets off does not run in the middle of a producer's step.
 */
export class Consumer<M> {
  readonly #source: Source<M>;
  readonly #waiting = new WaitList<undefined, void>(1, () => {});

  constructor(source: Source<M>) {
    this.#source = source;
  }

  /** Tells a waiting consumer to look again. */
  wake(): void {
    if (this.#waiting.size !== 0) this.#waiting.settleFirst();
  }

  receive(signal?: AbortSignal): Promise<M | undefined> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (this.#waiting.size !== 0) return Promise.reject(concurrentReceive());
    const message = this.#source.tryReceive();
    if (message !== undefined || this.#source.isDone) return Promise.resolve(message);
    return this.#receiveLater(signal);
  }

  async receiveBatch(max: number, signal?: AbortSignal): Promise<M[]> {
    if (!(max >= 1)) throw new ChannelError('INVALID_LIMIT', `a batch holds at least 1, not ${max}`);
    if (signal?.aborted === true) throw signal.reason;
    if (this.#waiting.size !== 0) throw concurrentReceive();
    const batch: M[] = [];
    drainInto(this.#source, batch, max);
    // One promise for each wait, not one for each layer: this is on the path of every request.
    while (batch.length === 0 && !this.#source.isDone) {
      await this.#waiting.wait(undefined, signal);
      drainInto(this.#source, batch, max);
    }
    return batch;
  }

  iterate(): AsyncIterableIterator<M, undefined> {
    return new ConsumerIterator(this.#source, this);
  }

  async #receiveLater(signal: AbortSignal | undefined): Promise<M | undefined> {
    for (;;) {
      await this.#waiting.wait(undefined, signal);
      const message = this.#source.tryReceive();
      if (message !== undefined || this.#source.isDone) return message;
    }
  }
}

/** Appends to `batch` what is there now, until it holds `max`. */
export function drainInto<M>(source: Source<M>, batch: M[], max: number): void {
  while (batch.length < max) {
    const message = source.tryReceive();
    if (message === undefined) return;
    batch.push(message);
  }
}

/** Reads one by one, without a wait while there is something; holds nothing back, so leaving early loses nothing. */
class ConsumerIterator<M> implements AsyncIterableIterator<M, undefined> {
  readonly #source: Source<M>;
  readonly #consumer: Consumer<M>;
  #isOver = false;

  constructor(source: Source<M>, consumer: Consumer<M>) {
    this.#source = source;
    this.#consumer = consumer;
  }

  next(): Promise<IteratorResult<M, undefined>> {
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    const value = this.#source.tryReceive();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    return this.#consumer.receive().then(toResult);
  }

  return(): Promise<IteratorResult<M, undefined>> {
    this.#isOver = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function toResult<M>(message: M | undefined): IteratorResult<M, undefined> {
  return message === undefined ? { done: true, value: undefined } : { done: false, value: message };
}

function concurrentReceive(): ChannelError {
  return new ChannelError('CONCURRENT_RECEIVE', 'a queue has one consumer, and it waits already');
}
