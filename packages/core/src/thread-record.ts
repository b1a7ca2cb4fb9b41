import type {
  GitInfo,
  QueuedSubmission,
  ThreadGoal,
  ThreadItem,
  ThreadReadState,
  ThreadTokenUsage,
  TurnError,
} from '@millrace/protocol';
import type { DynamicTool } from './dynamic-tool.js';
import type { ResponseItem } from './response-item.js';
import type { Settings } from './settings.js';

/** What a thread is known by before its first turn; the first record of its log. */
export interface ThreadMeta {
  readonly id: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
  readonly cwd: string;
  readonly source: string;
  readonly originator: string;
  readonly cliVersion: string;
  readonly model: string;
  readonly modelProvider: string;
  readonly forkedFromId: string | null;
  /** The tools that its client brought along; none when absent. */
  readonly dynamicTools?: readonly DynamicTool[];
}

/**
 * One line of a thread's log. Replaying the records in order rebuilds the thread: what clients see (items, turns) and what
 * the model is given (`response`). Streaming deltas are not kept.
 */
export type ThreadRecord =
  | { readonly type: 'thread'; readonly meta: ThreadMeta }
  /** From here on the thread runs with these. */
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'gitInfo'; readonly gitInfo: GitInfo }
  | { readonly type: 'archived'; readonly isArchived: boolean }
  | { readonly type: 'readState'; readonly readState: ThreadReadState }
  /** Input that waits for a turn of its own; takes the place of one with the same id. */
  | { readonly type: 'queued'; readonly submission: QueuedSubmission }
  | { readonly type: 'unqueued'; readonly submissionId: string }
  | { readonly type: 'queueOrdered'; readonly submissionIds: readonly string[] }
  /** What the thread works towards, and what that has cost so far; null when that is over. */
  | { readonly type: 'goal'; readonly goal: ThreadGoal | null }
  /** That turn and everything said after it is forgotten; the files of the user stay as they are. */
  | { readonly type: 'reverted'; readonly beforeTurnId: string }
  | { readonly type: 'turnStarted'; readonly turnId: string; readonly startedAt: number }
  | { readonly type: 'item'; readonly turnId: string; readonly item: ThreadItem }
  | { readonly type: 'response'; readonly item: ResponseItem }
  /** What the model was given and gave so far is replaced by this. */
  | { readonly type: 'compacted'; readonly turnId: string; readonly history: readonly ResponseItem[] }
  /** What came of asking somebody; an acceptance is on disk before what it allows is started (AP-4). */
  | {
      readonly type: 'approval';
      readonly turnId: string;
      readonly itemId: string;
      readonly method: string;
      /** SHA-256 of the action that was asked for, in hex. */
      readonly action: string;
      readonly outcome: 'accepted' | 'declined' | 'cancelled' | 'failed';
      /** The answer as it was understood; null when there was none that counts. */
      readonly answer: unknown;
      /** Unix time in milliseconds. */
      readonly decidedAtMs: number;
    }
  | { readonly type: 'usage'; readonly turnId: string; readonly usage: ThreadTokenUsage }
  | {
      readonly type: 'turnEnded';
      readonly turnId: string;
      readonly status: 'completed' | 'interrupted' | 'failed';
      readonly error: TurnError | null;
      /** Unix time in seconds; null, like the duration, where the process ended before the turn did. */
      readonly completedAt: number | null;
      readonly durationMs: number | null;
    };
