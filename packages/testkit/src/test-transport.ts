import { Channel } from '@millrace/channel';
import type { Incoming, MessageTransport } from '@millrace/transport';

/** The far end of a wire, played by the test. */
export class TestTransport implements MessageTransport {
  readonly label = 'test';
  readonly said: Record<string, unknown>[] = [];
  readonly #incoming = new Channel<readonly Incoming[]>({ capacity: 1_000 });
  /** Batches that the client has taken from the wire. */
  taken = 0;
  failure: Error | undefined;

  get incoming(): AsyncIterable<readonly Incoming[]> {
    return this.#read();
  }

  async *#read(): AsyncGenerator<readonly Incoming[]> {
    for (
      let batch = await this.#incoming.receive();
      batch !== undefined;
      batch = await this.#incoming.receive()
    ) {
      this.taken += 1;
      yield batch;
    }
  }

  write(messages: readonly string[]): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.said.push(...messages.map((text) => JSON.parse(text) as Record<string, unknown>));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#incoming.close();
    return Promise.resolve();
  }

  say(...messages: readonly unknown[]): void {
    for (const message of messages) {
      this.#incoming.trySend([{ type: 'message', text: JSON.stringify(message) }]);
    }
  }

  hangUp(): void {
    this.#incoming.close();
  }
}
