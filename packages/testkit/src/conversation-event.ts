import type { DeliveryClass, EventProfile } from '@millrace/channel';

/** Events of a toy conversation: turns, items that grow, a status, and progress that may be lost. */
export type ConversationEvent =
  | { readonly type: 'turnStarted'; readonly group: string; readonly turn: number }
  | { readonly type: 'turnCompleted'; readonly group: string; readonly turn: number }
  | { readonly type: 'itemCompleted'; readonly group: string; readonly turn: number; readonly item: string }
  | {
      readonly type: 'delta';
      readonly group: string;
      readonly turn: number;
      readonly item: string;
      readonly text: string;
    }
  | {
      readonly type: 'progress';
      readonly group: string;
      readonly item: string;
      readonly text: string;
      readonly droppedBytes: number;
    }
  | { readonly type: 'status'; readonly group: string; readonly status: number };

/** The delivery class of each event. */
export const CONVERSATION_DELIVERY: Readonly<Record<ConversationEvent['type'], DeliveryClass>> = {
  turnStarted: 'lossless',
  turnCompleted: 'reserved',
  itemCompleted: 'lossless',
  delta: 'lossless',
  progress: 'bestEffort',
  status: 'latest',
};

/** How queues see conversation events. Deltas merge when they belong to the same part, which their first letter names. */
export const conversationProfile: EventProfile<ConversationEvent> = {
  sizeOf: (event) => ('text' in event ? event.text.length : 1),
  groupOf: (event) => event.group,
  kindOf: (event) => event.type,
  latestKeyOf: (event) => event.group,
  mergeKeyOf: (event) => {
    if (event.type === 'delta' || event.type === 'itemCompleted') return event.item;
    return event.type === 'progress' ? `progress of ${event.item}` : undefined;
  },
  merge: (queued, next, maxBytes, keep) => {
    if (!('text' in queued) || queued.type !== next.type || queued.text[0] !== next.text[0]) return undefined;
    const text = queued.text + next.text;
    const excess = Math.max(0, text.length - maxBytes);
    if (next.type === 'delta') return excess > 0 ? undefined : { ...next, text };
    if (keep === 'all' || queued.type === 'delta') return undefined;
    const droppedBytes = queued.droppedBytes + next.droppedBytes + excess;
    return { ...next, text: text.slice(excess), droppedBytes };
  },
};
