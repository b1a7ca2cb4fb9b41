export interface OutputQueueOptions {
  /** Bytes from which on the queue asks its source to stop; at least 1. */
  readonly limitBytes: number;
  /** Called when a queue that was full was emptied. */
  readonly onRoom: () => void;
  /** Called once, when the consumer left before the end. */
  readonly onLeave: () => void;
}

/**
 * The bytes between a process and its one consumer, in the order in which they were pushed.
 *
 * A read takes everything that is there, as one array. Breaking out of a loop over the queue is leaving for good: what
 * is held and what comes later is dropped.
 *
 * Memory: the limit plus what the source pushes after it was told to stop.
 */
export class OutputQueue implements AsyncIterableIterator<Uint8Array> {
  readonly #options: OutputQueueOptions;
  #limitBytes: number;
  #chunks: Uint8Array[] = [];
  #sizeBytes = 0;
  #state: 'open' | 'ended' | 'left' = 'open';
  #reader: ((result: IteratorResult<Uint8Array, undefined>) => void) | undefined;

  constructor(options: OutputQueueOptions) {
    this.#options = options;
    this.#limitBytes = options.limitBytes;
  }

  get isFull(): boolean {
    return this.#sizeBytes >= this.#limitBytes;
  }

  /** Adds bytes that are not changed afterwards. Ignored once the queue ended or the consumer left. */
  push(chunk: Uint8Array): void {
    if (this.#state !== 'open' || chunk.length === 0) return;
    if (this.#reader !== undefined) {
      this.#answer({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.length;
  }

  /** Replaces the limit; calls `onRoom` when that made room. */
  setLimit(limitBytes: number): void {
    const wasFull = this.isFull;
    this.#limitBytes = limitBytes;
    if (wasFull && !this.isFull && this.#state === 'open') this.#options.onRoom();
  }

  /** Nothing more comes. What is held can still be read. Idempotent. */
  end(): void {
    if (this.#state === 'open') this.#state = 'ended';
    this.#answer({ done: true, value: undefined });
  }

  /** Cancel safety: a read that nobody waits for any more still takes the next bytes; there is one consumer. */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#reader !== undefined) throw new Error('the output of a process has one consumer');
    if (this.#sizeBytes > 0) return { done: false, value: this.#takeAll() };
    if (this.#state !== 'open') return { done: true, value: undefined };
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    const hadMore = this.#state === 'open';
    this.#state = 'left';
    this.#chunks = [];
    this.#sizeBytes = 0;
    this.#answer({ done: true, value: undefined });
    if (hadMore) this.#options.onLeave();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #takeAll(): Uint8Array {
    const wasFull = this.isFull;
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#sizeBytes = 0;
    if (wasFull && this.#state === 'open') this.#options.onRoom();
    return bytes;
  }

  #answer(result: IteratorResult<Uint8Array, undefined>): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.(result);
  }
}
