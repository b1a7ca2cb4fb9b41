import {
  LIMITS,
  newTurn,
  type ThreadItem,
  type ThreadReadState,
  type ThreadTokenUsage,
  type Turn as TurnView,
} from '@millrace/protocol';
import type { ResponseItem } from './response-item.js';
import type { Settings } from './settings.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';
import { textOf } from './user-input.js';

/** A thread as its records tell it. */
export interface StoredThread {
  readonly meta: ThreadMeta;
  /** What it ran with last; undefined where no record says so. */
  readonly settings: Settings | undefined;
  readonly name: string | null;
  /** An archived thread is not loaded before it is taken out again. */
  readonly isArchived: boolean;
  readonly preview: string;
  /** Unix time in seconds of the last turn's end or start. */
  readonly updatedAt: number;
  readonly usage: ThreadTokenUsage | undefined;
  readonly readState: ThreadReadState | undefined;
  /** All turns with all their items, oldest first. One that never ended shows as interrupted. */
  readonly turns: readonly TurnView[];
  /** What the model was given and gave; calls that a crash cut off have no output here. */
  readonly history: readonly ResponseItem[];
  /** True when the process ended before the last turn did. */
  readonly isCutShort: boolean;
}

/** What a list shows of a thread: nothing that grows with what was said in it. */
export type ThreadSummary = Omit<StoredThread, 'turns' | 'history' | 'usage' | 'isCutShort'>;

/**
 * Rebuilds a thread from its records, in one pass. Records of a kind that this version does not know are left out.
 *
 * @returns `undefined` when the first record does not say which thread it is.
 */
export function replayThread(records: readonly ThreadRecord[]): StoredThread | undefined {
  const [first] = records;
  if (first?.type !== 'thread') return undefined;
  const replay = new ThreadReplay(first.meta);
  for (const record of records) replay.apply(record);
  return replay.result();
}

class ThreadReplay {
  readonly #meta: ThreadMeta;
  readonly #turns = new Map<string, TurnView>();
  readonly #items = new Map<string, Map<string, ThreadItem>>();
  readonly #history: ResponseItem[] = [];
  #settings: Settings | undefined;
  #name: string | null = null;
  #isArchived = false;
  #preview = '';
  #updatedAt: number;
  #usage: ThreadTokenUsage | undefined;
  #readState: ThreadReadState | undefined;

  constructor(meta: ThreadMeta) {
    this.#meta = meta;
    this.#updatedAt = meta.createdAt;
  }

  apply(record: ThreadRecord): void {
    switch (record.type) {
      case 'settings':
        this.#settings = record.settings;
        return;
      case 'name':
        this.#name = record.name;
        return;
      case 'archived':
        this.#isArchived = record.isArchived;
        return;
      case 'readState':
        this.#readState = record.readState;
        return;
      case 'turnStarted':
        this.#updatedAt = record.startedAt;
        this.#turns.set(record.turnId, newTurn({ id: record.turnId, startedAt: record.startedAt }));
        return;
      case 'item':
        this.#addItem(record.turnId, record.item);
        return;
      case 'response':
        this.#history.push(record.item);
        return;
      case 'usage':
        this.#usage = record.usage;
        return;
      case 'turnEnded':
        this.#endTurn(record);
        return;
    }
  }

  result(): StoredThread {
    const turns = [...this.#turns.values()];
    return {
      meta: this.#meta,
      settings: this.#settings,
      name: this.#name,
      isArchived: this.#isArchived,
      preview: this.#preview,
      updatedAt: this.#updatedAt,
      usage: this.#usage,
      readState: this.#readState,
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
    if (this.#preview === '' && item.type === 'userMessage') {
      this.#preview = textOf(item.content).slice(0, LIMITS.previewChars);
    }
  }

  #endTurn(record: Extract<ThreadRecord, { readonly type: 'turnEnded' }>): void {
    const { turnId, status, error, completedAt, durationMs } = record;
    this.#updatedAt = completedAt;
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
