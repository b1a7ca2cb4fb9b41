import {
  LEGACY_EVENTS,
  LEGACY_PREFIX,
  type LegacyEvent,
  type LegacyMessage,
  type NotificationMethod,
  newLegacyEvent,
} from '@millrace/protocol';
import { legacyQuestion, legacyWords, type PatchLookup } from './legacy-words.js';
import { type FarewellEvent, type ServerEvent, turnIdOf } from './server-event.js';
import type { PlainNotification } from './thread-resync.js';

/** An event of the first generation, made when the event that it tells was read. It never stands in a view. */
export interface LegacyEntry extends LegacyEvent {
  readonly type: 'legacy';
}

/** What a connection is told in the end: an event of today, or an old one. */
export type ToldEvent = Exclude<ServerEvent, FarewellEvent> | LegacyEntry;

/**
 * Tells a connection what happens in the words of the first generation of the protocol too, each right before the event of today.
 *
 * It works where a view is read, behind every queue: an old event has the slot, the class and the fate of the new one. What merges,
 * merges once; what is missing is counted once; an end that cannot be refused brings its old form along.
 */
export class LegacyBridge {
  readonly #optOut: ReadonlySet<string>;
  /** What has an old form that the connection wants. */
  readonly #sources: ReadonlySet<string | null>;
  readonly #patch: PatchLookup;

  /** @param optOut Methods that the connection does not want, old or new. */
  constructor(optOut: ReadonlySet<string>, patch: PatchLookup) {
    this.#optOut = optOut;
    const wanted = Object.entries(LEGACY_EVENTS).filter(([type]) => !optOut.has(`${LEGACY_PREFIX}${type}`));
    this.#sources = new Set(wanted.map(([, source]) => source));
    this.#patch = patch;
  }

  /** Whether something has to be put into views for the sake of its old form. */
  reads(method: NotificationMethod): boolean {
    return this.#sources.has(method);
  }

  /** The event as this connection reads it: its old forms, then itself, without what the connection does not want. */
  expand(event: ServerEvent): readonly ToldEvent[] {
    switch (event.type) {
      case 'reply':
        return [event];
      case 'farewell':
        return event.threadIds.flatMap((id) => this.#entries(id, '', [{ type: 'shutdown_complete' }]));
      case 'request': {
        const question = legacyQuestion(event, this.#patch);
        return [...this.#entries(event.threadId, turnIdOf(event.params), [question]), event];
      }
      case 'notification': {
        // The first generation knew nothing outside a conversation.
        const old = event.threadId === undefined ? [] : this.oldForms(event.threadId, event);
        return this.#optOut.has(event.method) ? old : [...old, event];
      }
    }
  }

  /** The old forms of a notification of a thread. */
  oldForms(threadId: string, { method, params }: PlainNotification): readonly LegacyEntry[] {
    return this.#entries(threadId, turnIdOf(params), legacyWords(method, params));
  }

  #entries(
    threadId: string,
    turnId: string | undefined,
    messages: readonly LegacyMessage[],
  ): readonly LegacyEntry[] {
    return messages
      .map((message) => ({ type: 'legacy' as const, ...newLegacyEvent(threadId, turnId ?? '', message) }))
      .filter(({ method }) => !this.#optOut.has(method));
  }
}
