import type { ResyncedMarker, Turn as TurnView } from '@millrace/protocol';
import type { Thread } from './thread.js';

/** What somebody who fell behind on a thread is told. */
export interface ThreadSnapshot {
  readonly marker: ResyncedMarker;
  /** The turns since, with all their items as they stand, oldest first. */
  readonly missed: readonly TurnView[];
}

/** The state of a thread for somebody who has missed everything since that turn, and the turns that were missed in full. */
export function snapshotThread(thread: Thread, sinceTurnId: string | undefined): ThreadSnapshot {
  const missed = thread.turns.since(sinceTurnId);
  const turns = missed.filter((turn) => turn.status !== 'inProgress').map(outline);
  const activeTurn = thread.turns.latest() ?? null;
  return { marker: { threadId: thread.threadId, thread: thread.view(), turns, activeTurn }, missed };
}

function outline(turn: TurnView): TurnView {
  return { ...turn, items: [], itemsView: 'notLoaded' };
}
