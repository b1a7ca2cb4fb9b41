import { Channel } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';

interface Letter<T> {
  readonly open: () => T;
  readonly reply: (answer: T) => void;
  readonly fail: (error: unknown) => void;
}

/** What is asked of a thread, one thing after the other. Holds at most {@link LIMITS.threadMailbox}. */
export class ThreadMailbox<T> {
  readonly #letters = new Channel<Letter<T>>({ capacity: LIMITS.threadMailbox });

  get isOpen(): boolean {
    return this.#letters.state === 'open';
  }

  /**
   * Has `open` called in its turn. Resolves with what it returns, or at once with why it was not taken; rejects with what it
   * throws.
   */
  post(open: () => T): Promise<T | 'full' | 'closed'> {
    return new Promise((reply, fail) => {
      const sent = this.#letters.trySend({ open, reply, fail });
      if (sent !== 'sent') reply(sent);
    });
  }

  /** What waits is still opened; nothing more is taken. Idempotent. */
  close(): void {
    this.#letters.close();
  }

  /** Opens the letters in their order until the mailbox is closed and empty; before each one it waits for `ready`. */
  async read(ready: () => Promise<void>): Promise<void> {
    for (
      let letter = await this.#letters.receive();
      letter !== undefined;
      letter = await this.#letters.receive()
    ) {
      await ready();
      try {
        letter.reply(letter.open());
      } catch (error) {
        letter.fail(error); // One letter that cannot be taken must not keep the next ones waiting.
      }
    }
  }
}
