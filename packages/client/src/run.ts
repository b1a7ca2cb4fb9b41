import type { RequestResult, Turn } from '@millrace/protocol';
import type { ClientEvent } from './client-event.js';
import { EventStream } from './event-stream.js';
import type { RunLink } from './link.js';

/**
 * One turn, from its start to its end, with its own bounded view of the turn's events.
 *
 * Iterating is optional: a run that nobody reads neither waits nor grows, and `completed` settles all the same.
 */
export class Run implements AsyncIterable<ClientEvent> {
  /** The turn as it was accepted. Rejects when the server refused it. */
  readonly started: Promise<Turn>;
  /** The turn as it ended, in whichever way. Rejects when it was refused, or the connection ended first. */
  readonly completed: Promise<Turn>;
  readonly #link: RunLink;
  readonly #interrupt: (turnId: string) => Promise<unknown>;
  #isRead = false;

  constructor(
    link: RunLink,
    response: Promise<RequestResult<'turn/start'>>,
    interrupt: (turnId: string) => Promise<unknown>,
  ) {
    this.#link = link;
    this.#interrupt = interrupt;
    this.started = response.then(({ turn }) => turn);
    this.started.catch((error: unknown) => link.cancel(error));
    this.completed = link.ended;
    // Whoever only iterates meets the failure there.
    this.completed.catch(() => {});
  }

  /** Ends the turn; resolves when it has ended. */
  async interrupt(): Promise<void> {
    const { id } = await this.started;
    await this.#interrupt(id);
  }

  /** The events of the turn, the last of them `turn/completed`. Can be read once. Throws what `started` rejects with. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ClientEvent, void, void> {
    if (this.#isRead) throw new Error('the events of a run can be read once');
    this.#isRead = true;
    const stream = new EventStream(this.#link.events, () => {});
    try {
      await this.started;
      yield* stream;
    } finally {
      await stream.return();
    }
  }
}
