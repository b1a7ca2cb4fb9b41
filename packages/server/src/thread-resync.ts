import type { ThreadSnapshot } from '@millrace/core';
import type { NotificationMethod, NotificationParams, Turn } from '@millrace/protocol';
import type { ServerEvent } from './server-event.js';

/** What a consumer gets in place of the events that it missed: the thread as it was when it read the gap. */
export interface ThreadResync extends ThreadSnapshot {
  /** The first event that is missing. */
  readonly firstSkipped: ServerEvent;
}

/** A notification as it stands on the wire, but for its time. */
export interface PlainNotification<M extends NotificationMethod = NotificationMethod> {
  readonly method: M;
  readonly params: NotificationParams<M>;
}

/**
 * The same healing in plain protocol terms, for a client that knows no markers: the beginnings of the turns that it missed and the
 * authoritative state of their items. It may repeat what the client has seen already; each notification replaces what it says.
 */
export function healingNotifications({ marker, missed, firstSkipped }: ThreadResync): PlainNotification[] {
  const { threadId, thread } = marker;
  const sawFirstTurn = firstSkipped.type !== 'notification' || firstSkipped.method !== 'turn/started';
  const healing = missed.flatMap((turn, index) => healTurn(threadId, turn, index === 0 && sawFirstTurn));
  return [...healing, { method: 'thread/status/changed', params: { threadId, status: thread.status } }];
}

function healTurn(threadId: string, turn: Turn, isStarted: boolean): PlainNotification[] {
  const begin: Turn = {
    ...turn,
    items: [],
    itemsView: 'notLoaded',
    status: 'inProgress',
    error: null,
    completedAt: null,
    durationMs: null,
  };
  const started: PlainNotification[] = isStarted
    ? []
    : [{ method: 'turn/started', params: { threadId, turn: begin } }];
  const items = turn.items.map((item): PlainNotification => {
    const { startedAtMs, completedAtMs } = item;
    if (typeof completedAtMs !== 'number') {
      return {
        method: 'item/started',
        params: { item, threadId, turnId: turn.id, startedAtMs: startedAtMs ?? 0 },
      };
    }
    return {
      method: 'item/completed',
      params: { item, threadId, turnId: turn.id, contentTokenCount: null, completedAtMs },
    };
  });
  return [...started, ...items];
}
