import {
  newTurn,
  type QueuedSubmission,
  type ThreadGoal,
  type ThreadItem,
  type ThreadTokenUsage,
  type Turn as TurnView,
} from '@millrace/protocol';
import type { ResponseItem } from './response-item.js';
import { foldQueue } from './submission-queue.js';
import type { ThreadRecord } from './thread-record.js';
import { keptRecords } from './thread-revert.js';
import { foldSummary, newSummary, type ThreadSummary } from './thread-summary.js';

/** A thread as its records tell it. */
export interface StoredThread extends ThreadSummary {
  readonly usage: ThreadTokenUsage | undefined;
  /** All turns with all their items, oldest first. One that never ended shows as interrupted. */
  readonly turns: readonly TurnView[];
  /** Submissions that wait, the next one first. */
  readonly queue: readonly QueuedSubmission[];
  readonly goal: ThreadGoal | null;
  /** What the model was given and gave; calls that a crash cut off have no output here. */
  readonly history: readonly ResponseItem[];
  /** True when the process ended before the last turn did. */
  readonly isCutShort: boolean;
}

/**
 * Rebuilds a thread from its records, in one pass. Records of a kind that this version does not know are left out.
 *
 * @returns `undefined` when the first record does not say which thread it is.
 */
export function replayThread(records: readonly ThreadRecord[]): StoredThread | undefined {
  const [first] = records;
  if (first?.type !== 'thread') return undefined;
  // A list shows what it knew of a turn before it was reverted: an index of threads sees one record after the other.
  const replay = new ThreadReplay(records.reduce(foldSummary, newSummary(first.meta)));
  for (const record of keptRecords(records)) replay.apply(record);
  return replay.result();
}

class ThreadReplay {
  readonly #turns = new Map<string, TurnView>();
  readonly #items = new Map<string, Map<string, ThreadItem>>();
  #history: ResponseItem[] = [];
  readonly #summary: ThreadSummary;
  #usage: ThreadTokenUsage | undefined;
  #queue: readonly QueuedSubmission[] = [];
  #goal: ThreadGoal | null = null;

  constructor(summary: ThreadSummary) {
    this.#summary = summary;
  }

  apply(record: ThreadRecord): void {
    switch (record.type) {
      case 'turnStarted':
        this.#turns.set(record.turnId, newTurn({ id: record.turnId, startedAt: record.startedAt }));
        return;
      case 'item':
        this.#addItem(record.turnId, record.item);
        return;
      case 'response':
        this.#history.push(record.item);
        return;
      case 'compacted':
        this.#history = [...record.history];
        return;
      case 'usage':
        this.#usage = record.usage;
        return;
      case 'queued':
      case 'unqueued':
      case 'queueOrdered':
        this.#queue = foldQueue(this.#queue, record);
        return;
      case 'goal':
        this.#goal = record.goal;
        return;
      case 'turnEnded':
        this.#endTurn(record);
        return;
    }
  }

  result(): StoredThread {
    const turns = [...this.#turns.values()];
    return {
      ...this.#summary,
      usage: this.#usage,
      queue: this.#queue,
      goal: this.#goal,
      turns: turns.map((turn) => this.#complete(turn)),
      history: this.#history,
      isCutShort: turns.at(-1)?.status === 'inProgress',
    };
  }

  #addItem(turnId: string, item: ThreadItem): void {
    let items = this.#items.get(turnId);
    if (items === undefined) {
      items = new Map();
      this.#items.set(turnId, items);
    }
    items.set(item.id, item);
  }

  #endTurn(record: Extract<ThreadRecord, { readonly type: 'turnEnded' }>): void {
    const { turnId, status, error, completedAt, durationMs } = record;
    const turn = this.#turns.get(turnId) ?? newTurn({ id: turnId });
    this.#turns.set(turnId, { ...turn, status, error, completedAt, durationMs });
  }

  /** The turn with its items in the order in which they started: the log has them in the order in which they ended. */
  #complete(turn: TurnView): TurnView {
    const items = [...(this.#items.get(turn.id)?.values() ?? [])];
    items.sort((a, b) => (a.startedAtMs ?? 0) - (b.startedAtMs ?? 0));
    const status = turn.status === 'inProgress' ? 'interrupted' : turn.status;
    return { ...turn, status, items, itemsView: 'full' };
  }
}
