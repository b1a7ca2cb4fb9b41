import { Channel } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';

interface Letter<T> {
  readonly prepare: (() => Promise<void>) | undefined;
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
   * Has `prepare` and then `open` called in their turn; no other letter is opened in between. Resolves with what `open` returns, or at
   * once with why the letter was not taken; rejects with what either throws.
   */
  post(open: () => T, prepare?: () => Promise<void>): Promise<T | 'full' | 'closed'> {
    return new Promise((reply, fail) => {
      const sent = this.#letters.trySend({ prepare, open, reply, fail });
      if (sent !== 'sent') reply(sent);
    });
  }

  /** What waits is still opened; nothing more is taken. Idempotent. */
  close(): void {
    this.#letters.close();
  }

  /**
   * Opens the letters in their order until the mailbox is closed and empty.
   *
   * @param busy What has to settle before a letter can be opened; undefined where nothing has to. Asked again until then, and a letter is
   *   opened in the same tick in which there was nothing.
   */
  async read(busy: () => Promise<void> | undefined): Promise<void> {
    for (
      let letter = await this.#letters.receive();
      letter !== undefined;
      letter = await this.#letters.receive()
    ) {
      try {
        for (let wait = busy(); wait !== undefined; wait = busy()) await wait;
        if (letter.prepare !== undefined) await letter.prepare();
        for (let wait = busy(); wait !== undefined; wait = busy()) await wait;
        letter.reply(letter.open());
      } catch (error) {
        letter.fail(error); // One letter that cannot be taken must not keep the next ones waiting.
      }
    }
  }
}
