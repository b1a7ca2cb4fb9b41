import { type EventProfile, EventQueue, type Lagged, type Received } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import type { ClientEvent } from './client-event.js';
import type { EventSource } from './link.js';

/** Bytes that every event is counted with besides its text: the object, its entry in the queue, ids and numbers. */
const EVENT_BASE_BYTES = 256;

/** An event as it came over the wire, with the length of its JSON text. */
export interface WireEvent {
  readonly event: ClientEvent;
  readonly characters: number;
}

/** How the queue sees the events of a peer: nothing is merged here, for the server has merged what it could. */
const wireProfile: EventProfile<WireEvent> = {
  sizeOf: ({ characters }) => EVENT_BASE_BYTES + 2 * characters,
  groupOf: ({ event }) => threadIdOf(event),
  kindOf: ({ event }) => ('method' in event ? event.method : event.type),
  latestKeyOf: ({ event }) => (event.type === 'resynced' ? event.threadId : 'connection'),
  mergeKeyOf: () => undefined,
  merge: () => undefined,
};

/**
 * What has arrived over a wire and was not read yet; bounded by count and bytes.
 *
 * Ends and server requests have slots of their own, so that they are kept where nothing else finds room.
 */
export class WireView implements EventSource {
  readonly #queue: EventQueue<WireEvent>;
  readonly #onLagRead: (threadIds: readonly string[]) => void;
  #isOpen = false;

  /** @param onLagRead Told of the threads of a gap when its consumer reads it. */
  constructor(capacity: number, onLagRead: (threadIds: readonly string[]) => void) {
    this.#onLagRead = onLagRead;
    this.#queue = new EventQueue<WireEvent>({
      capacity,
      maxBytes: LIMITS.viewBytes,
      reservedCapacity: LIMITS.reservedSlots,
      latestCapacity: LIMITS.latestKeys,
      mergeBytes: LIMITS.mergeBytes,
      bestEffortBytes: LIMITS.bestEffortBytes,
      profile: wireProfile,
    });
  }

  // ---- The reader of the wire ------------------------------------------------------------------------------------------

  /** Whether the peer may be held up when this view is full: somebody is reading it. */
  get mayHoldUp(): boolean {
    return this.#isOpen && this.#queue.state === 'open';
  }

  /** `'full'` means that nothing was done. */
  offer(event: WireEvent): 'taken' | 'full' {
    return this.#queue.offer(event, 'lossless') === 'full' ? 'full' : 'taken';
  }

  /** Puts in what must arrive: an end, a server request. */
  deliver(event: WireEvent): void {
    this.#queue.offer(event, 'reserved');
  }

  /** Puts in a state, in place of an older one that was not read. */
  replace(event: WireEvent): void {
    this.#queue.offer(event, 'latest');
  }

  /** Counts the event as missing. */
  skip(event: WireEvent): void {
    this.#queue.skip(event);
  }

  /** Resolves when it is worth offering again. Cancel safe. */
  whenRoom(signal: AbortSignal): Promise<void> {
    return this.#queue.whenRoom(signal);
  }

  /** No more in; what is there can be read to the end. */
  close(): void {
    this.#queue.close();
  }

  // ---- The consumer ------------------------------------------------------------------------------------------------------

  get arrived(): number {
    return this.#queue.stats.emitted;
  }

  get isHeld(): boolean {
    return this.#isOpen && this.#queue.size > 0;
  }

  open(): void {
    this.#isOpen = true;
  }

  pause(): void {
    this.#isOpen = false;
  }

  tryReceive(): ClientEvent | undefined {
    const entry = this.#queue.tryReceive();
    return entry === undefined ? undefined : this.#read(entry);
  }

  async receive(signal: AbortSignal): Promise<ClientEvent | undefined> {
    const entry = await this.#queue.receive(signal);
    return entry === undefined ? undefined : this.#read(entry);
  }

  #read(entry: Received<WireEvent, never>): ClientEvent {
    if ('event' in entry) return entry.event;
    const { skipped, byKind, groups } = entry as Lagged;
    this.#onLagRead(groups);
    return { type: 'lagged', skipped, byMethod: Object.fromEntries(byKind), threadIds: groups };
  }
}

function threadIdOf(event: ClientEvent): string | undefined {
  if ('threadId' in event) return event.threadId;
  if (!('params' in event)) return undefined;
  if (event.type === 'legacy') return event.params.conversationId;
  const { threadId, thread } = event.params as {
    readonly threadId?: string;
    readonly thread?: { readonly id: string };
  };
  return threadId ?? thread?.id;
}
