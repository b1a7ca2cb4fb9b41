import type { ThreadReadState } from '@millrace/protocol';
import type { IdSource } from './ports.js';

/** How far the user has read a thread: the first turn with something unread, and a revision that changes with every change. */
export class ReadStateTracker {
  readonly #ids: IdSource;
  #state: ThreadReadState;

  constructor(threadId: string, ids: IdSource) {
    this.#ids = ids;
    this.#state = { firstUnread: null, revision: `initial:${threadId}` };
  }

  get current(): ThreadReadState {
    return this.#state;
  }

  /** Takes over the state that was read from disk. */
  restore(state: ThreadReadState): void {
    this.#state = state;
  }

  /**
   * The user says that everything was read, or nothing; an expected revision that is not the current one is refused with
   * `'conflict'`.
   */
  mark(as: 'read' | 'unread', expectedRevision: string): ThreadReadState | 'conflict' {
    if (expectedRevision !== this.#state.revision) return 'conflict';
    this.#state = markedReadState(as, this.#ids);
    return this.#state;
  }

  /** A turn has something to read. The first unread turn stays the first. */
  addUnread(turnId: string): ThreadReadState {
    const firstUnread = this.#state.firstUnread ?? { type: 'turn' as const, turnId };
    this.#state = { firstUnread, revision: this.#ids.uuid() };
    return this.#state;
  }
}

/** The state of a thread that the user has marked. */
export function markedReadState(as: 'read' | 'unread', ids: IdSource): ThreadReadState {
  return { firstUnread: as === 'read' ? null : { type: 'threadStart' }, revision: ids.uuid() };
}
