import type { DeliveryClass, EventProfile, MergeKeep } from '@millrace/channel';

/** An event for simulations: big enough to meet every rule of an event queue, small enough to read in a failure. */
export interface TestEvent {
  readonly kind: 'delta' | 'end' | 'note' | 'state' | 'terminal';
  readonly delivery: DeliveryClass;
  readonly group: string | undefined;
  readonly stream: string | undefined;
  /** What makes two `latest` events the same. */
  readonly key: string;
  /** The numbers of the events that were merged into this one; its own when nothing was. */
  readonly parts: readonly number[];
  readonly size: number;
  readonly droppedBytes: number;
}

/** How queues see test events. */
export const testEventProfile: EventProfile<TestEvent> = {
  sizeOf: (event) => event.size,
  groupOf: (event) => event.group,
  kindOf: (event) => event.kind,
  latestKeyOf: (event) => event.key,
  mergeKeyOf: (event) => event.stream,
  merge: mergeTestEvents,
};

function mergeTestEvents(
  queued: TestEvent,
  next: TestEvent,
  maxBytes: number,
  keep: MergeKeep,
): TestEvent | undefined {
  const excess = Math.max(0, queued.size + next.size - maxBytes);
  if (queued.kind !== 'delta' || next.kind !== 'delta' || maxBytes < 1) return undefined;
  if (excess > 0 && keep === 'all') return undefined;
  return {
    ...next,
    parts: [...queued.parts, ...next.parts],
    size: queued.size + next.size - excess,
    droppedBytes: queued.droppedBytes + next.droppedBytes + excess,
  };
}
