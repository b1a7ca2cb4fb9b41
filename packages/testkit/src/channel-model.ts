/** What a message weighs in the model. */
export interface SizedMessage {
  readonly id: number;
  readonly size: number;
}

interface WaitingSend {
  readonly message: SizedMessage;
  /** Told what became of it. */
  readonly settle: (result: 'sent' | 'closed') => void;
}

/** What a channel promises, written down with plain arrays. */
export class ChannelModel {
  readonly capacity: number;
  readonly maxBytes: number;
  queued: SizedMessage[] = [];
  waiting: WaitingSend[] = [];
  state: 'open' | 'closing' | 'done' = 'open';
  offered = 0;
  received = 0;
  refused = 0;
  discarded = 0;

  constructor(capacity: number, maxBytes: number) {
    this.capacity = capacity;
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.queued.reduce((sum, message) => sum + message.size, 0);
  }

  trySend(message: SizedMessage): 'sent' | 'full' | 'closed' {
    this.offered += 1;
    if (this.state === 'open' && this.waiting.length === 0 && this.#fits(message)) {
      this.queued.push(message);
      return 'sent';
    }
    this.refused += 1;
    return this.state === 'open' ? 'full' : 'closed';
  }

  send(message: SizedMessage, settle: (result: 'sent' | 'closed') => void): void {
    if (this.state === 'open' && (this.waiting.length > 0 || !this.#fits(message))) {
      this.waiting.push({ message, settle });
      return;
    }
    const result = this.trySend(message);
    if (result !== 'full') settle(result);
  }

  abortSend(message: SizedMessage): void {
    this.waiting = this.waiting.filter((send) => send.message !== message);
    this.#admit();
  }

  receive(): SizedMessage | undefined {
    const message = this.queued.shift();
    if (message === undefined) return undefined;
    this.received += 1;
    this.#admit();
    if (this.state === 'closing' && this.queued.length === 0) this.state = 'done';
    return message;
  }

  close(): void {
    if (this.state !== 'open') return;
    this.state = this.queued.length === 0 ? 'done' : 'closing';
    this.#refuseWaiting();
  }

  dispose(): void {
    this.state = 'done';
    this.discarded += this.queued.length;
    this.queued = [];
    this.#refuseWaiting();
  }

  #fits(message: SizedMessage): boolean {
    if (this.queued.length === 0) return true;
    return this.queued.length < this.capacity && this.bytes + message.size <= this.maxBytes;
  }

  #admit(): void {
    for (
      let first = this.waiting[0];
      first !== undefined && this.#fits(first.message);
      first = this.waiting[0]
    ) {
      this.waiting.shift();
      this.offered += 1;
      this.queued.push(first.message);
      first.settle('sent');
    }
  }

  #refuseWaiting(): void {
    for (const send of this.waiting.splice(0)) {
      this.offered += 1;
      this.refused += 1;
      send.settle('closed');
    }
  }
}
