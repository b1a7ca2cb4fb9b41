import type { ConversationEvent } from './conversation-event.js';
import { invariant } from './invariant.js';

/** What is known of one conversation: by its producer, by a snapshot, or by a consumer that reads along. */
export class ConversationState {
  activeTurn: number | undefined;
  status = 0;
  readonly endedTurns = new Set<number>();
  /** Text of each item, in the order of its parts. */
  readonly items = new Map<string, string>();
  readonly completedItems = new Set<string>();
  /** Best-effort text, with what was dropped of it in bytes. Not a part of the state that has to be equal. */
  progressBytes = 0;

  clone(): ConversationState {
    const copy = new ConversationState();
    copy.activeTurn = this.activeTurn;
    copy.status = this.status;
    for (const turn of this.endedTurns) copy.endedTurns.add(turn);
    for (const [item, text] of this.items) copy.items.set(item, text);
    for (const item of this.completedItems) copy.completedItems.add(item);
    return copy;
  }

  /** Applies an event. @throws {InvariantViolation} EV-3 for one that comes after the end of what it belongs to. */
  apply(event: ConversationEvent): void {
    if ('turn' in event && event.type !== 'turnCompleted') {
      invariant(
        !this.endedTurns.has(event.turn),
        'EV-3',
        `${event.type} after the end of turn ${event.turn}`,
      );
    }
    switch (event.type) {
      case 'turnStarted':
        this.activeTurn = event.turn;
        break;
      case 'turnCompleted':
        this.endedTurns.add(event.turn);
        if (this.activeTurn === event.turn) this.activeTurn = undefined;
        break;
      case 'delta':
        invariant(
          !this.completedItems.has(event.item),
          'EV-3',
          `a delta after the end of item ${event.item}`,
        );
        this.items.set(event.item, (this.items.get(event.item) ?? '') + event.text);
        break;
      case 'itemCompleted':
        this.completedItems.add(event.item);
        break;
      case 'progress':
        this.progressBytes += event.text.length + event.droppedBytes;
        break;
      case 'status':
        this.status = event.status;
        break;
    }
  }

  /** What must be equal for everybody once drained. */
  toComparable(): unknown {
    const sorted = <V>(values: Iterable<V>): V[] => [...values].sort();
    return {
      activeTurn: this.activeTurn,
      status: this.status,
      endedTurns: sorted(this.endedTurns),
      items: sorted(Array.from(this.items, ([item, text]) => `${item}: ${text}`)),
      completedItems: sorted(this.completedItems),
    };
  }
}
