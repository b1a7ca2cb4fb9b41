import { createDeferred } from '@millrace/channel';
import type { Turn } from '@millrace/protocol';
import type { RunLink } from './link.js';
import type { WireView } from './wire-view.js';

/** One turn's own view over a wire. */
export class WireRun implements RunLink {
  readonly events: WireView;
  /** Known once its turn has begun. */
  threadId: string | undefined;
  readonly #end = createDeferred<Turn>();
  readonly #onSettled: () => void;

  constructor(events: WireView, onSettled: () => void) {
    this.events = events;
    this.#onSettled = onSettled;
  }

  get ended(): Promise<Turn> {
    return this.#end.promise;
  }

  /** The turn has ended; what it said can be read to the end. */
  complete(turn: Turn): void {
    this.#close();
    this.#end.resolve(turn);
  }

  cancel(error: unknown): void {
    this.#close();
    this.#end.reject(error);
  }

  #close(): void {
    this.#onSettled();
    this.events.close();
  }
}
