import { Lagged, Resynced } from '@millrace/channel';
import type { InProcessConnection, View, ViewEntry } from '@millrace/runtime';
import type { ClientEvent } from './client-event.js';
import { TransportError } from './errors.js';
import type { EventSource } from './link.js';

/** A server's view as a client in the same process reads it. Events pass as they are; only markers are put in the client's words. */
export class ViewSource implements EventSource {
  readonly #view: View;
  readonly #expand: InProcessConnection['expand'];
  readonly #isEndExpected: () => boolean;
  /** What one entry was besides the event that was read; a handful at most. */
  readonly #rest: ClientEvent[] = [];
  #isOver = false;

  /** @param isEndExpected Whether an end of the view needs no word. */
  constructor(view: View, { expand }: InProcessConnection, isEndExpected: () => boolean) {
    this.#view = view;
    this.#expand = expand;
    this.#isEndExpected = isEndExpected;
  }

  get arrived(): number {
    return this.#view.stats.emitted;
  }

  get isHeld(): boolean {
    return this.#view.mayHoldUp && this.#view.size + this.#rest.length > 0;
  }

  open(): void {
    this.#view.open();
  }

  pause(): void {
    this.#view.pause();
  }

  tryReceive(): ClientEvent | undefined {
    let event = this.#rest.shift();
    while (event === undefined) {
      const entry = this.#view.tryReceive();
      if (entry === undefined) return undefined;
      event = this.#take(entry);
    }
    return event;
  }

  async receive(signal: AbortSignal): Promise<ClientEvent | undefined> {
    let event = this.#rest.shift();
    while (event === undefined) {
      const entry = await this.#view.receive(signal);
      if (entry === undefined) return this.#end();
      event = this.#take(entry);
    }
    return event;
  }

  /** The first event that the entry is; undefined where this client wants none of them. */
  #take(entry: ViewEntry): ClientEvent | undefined {
    const told = this.#expand(entry);
    if (told === undefined) return toClientEvent(entry);
    const [first, ...rest] = told;
    for (const event of rest) this.#rest.push(event as ClientEvent);
    return first as ClientEvent | undefined;
  }

  /** The view is over: says so once, unless somebody asked for it. */
  #end(): ClientEvent | undefined {
    if (this.#isOver || this.#isEndExpected()) return undefined;
    this.#isOver = true;
    return { type: 'disconnected', message: new TransportError('BrokenPipe', 'receive').message };
  }
}

function toClientEvent(entry: ViewEntry): ClientEvent {
  if (entry instanceof Lagged) {
    const { skipped, byKind, groups } = entry;
    return { type: 'lagged', skipped, byMethod: Object.fromEntries(byKind), threadIds: groups };
  }
  if (entry instanceof Resynced) return { type: 'resynced', ...entry.snapshot.marker };
  return entry as ClientEvent;
}
