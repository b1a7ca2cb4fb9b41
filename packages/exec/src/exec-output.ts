import type {
  RequestResult,
  ThreadItem,
  TokenUsageBreakdown,
  Turn,
  TurnError,
  TurnPlanStep,
} from '@millrace/protocol';

/** How a run ended. */
export interface ExecEnd {
  readonly turn: Turn;
  /** Of the whole thread; undefined where the model told nothing. */
  readonly usage: TokenUsageBreakdown | undefined;
  /** What the agent said last, else its last plan; undefined when there is neither, or the turn was not completed. */
  readonly finalMessage: string | undefined;
}

/**
 * Shows a run to somebody. Each method resolves when there is room for more, and never rejects.
 *
 * Order of the calls: `threadStarted`, `turnStarted`, items, `ended` or `failed`; warnings at any time. Each item is started at most
 * once and completed at most once; one that began and ended in a gap is only completed.
 */
export interface ExecOutput {
  threadStarted(started: RequestResult<'thread/start'>, prompt: string): Promise<void>;
  turnStarted(): Promise<void>;
  itemStarted(item: ThreadItem): Promise<void>;
  messageDelta(itemId: string, delta: string): Promise<void>;
  /** The item is final: it replaces whatever its deltas added up to. */
  itemCompleted(item: ThreadItem): Promise<void>;
  planUpdated(plan: readonly TurnPlanStep[]): Promise<void>;
  /** The turn met an error, and either tries again or fails next. */
  turnError(error: TurnError, willRetry: boolean): Promise<void>;
  warning(message: string): Promise<void>;
  /** So many events are missing; what they said about items follows. */
  lagged(skipped: number): Promise<void>;
  ended(end: ExecEnd): Promise<void>;
  /** There is no turn, or its end will never be known. */
  failed(message: string): Promise<void>;
}
