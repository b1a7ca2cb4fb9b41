import { newTurnError, type ThreadReadState, type TurnError } from '@millrace/protocol';
import { abortedContext } from './environment-context.js';
import { unlessAborted } from './interruptible.js';
import { ModelError, StoreError } from './ports.js';
import type { WorkContext } from './turn-work.js';

/** How a turn ended. */
export type TurnEnd =
  | { readonly status: 'completed' | 'interrupted'; readonly error: null }
  | { readonly status: 'failed'; readonly error: TurnError };

export interface EndTimes {
  /** Unix time in seconds. */
  readonly completedAt: number;
  readonly durationMs: number;
}

/** What the work of a turn came to, by the error that it rejected with; none where it resolved. */
export function endOf(turn: WorkContext, error: unknown): TurnEnd {
  if (turn.signal.aborted) return { status: 'interrupted', error: null };
  return { status: 'failed', error: describe(turn, error) };
}

/**
 * Brings a turn to its end, up to the word that it ended: open items are closed, the history is made whole, and everything of the
 * turn is on disk before anybody is told (TS-1 before EV-2). Returns how it ended in the end: what cannot be saved has failed.
 */
export async function settleTurn(turn: WorkContext, wanted: TurnEnd, times: EndTimes): Promise<TurnEnd> {
  const { thread, threadId, turnId, output } = turn;
  await closeItems(turn);
  if (wanted.error?.codexErrorInfo === 'contextWindowExceeded') {
    await turn.showUsage(thread.account.fillWindow());
  }
  const { history } = thread;
  if (wanted.status === 'interrupted') turn.remember(...history.missingOutputs());
  turn.remember(...history.takeDeferred());
  if (wanted.status === 'interrupted') turn.remember(abortedContext(turn.ports));
  const isUsageLimit = wanted.error?.codexErrorInfo === 'usageLimitExceeded';
  turn.agenda.goal?.turnEnded(turnId, wanted.status, isUsageLimit);
  const readState = hasNews(turn, wanted) ? addUnread(turn) : undefined;
  const end = await save(turn, wanted, times);
  if (end.status === 'failed') {
    turn.status.enter('systemError');
    await output.emit('error', { error: end.error, willRetry: false, threadId, turnId });
  }
  if (readState !== undefined) await output.emit('thread/readState/changed', { threadId, readState });
  return end;
}

/** Open items are completed before the end, but for the commands that the model left running on purpose. */
async function closeItems({ output, terminals }: WorkContext): Promise<void> {
  for (const item of output.items.open()) {
    if (terminals.isRunning(item.id)) continue;
    const isAction = item.type === 'commandExecution' || item.type === 'fileChange';
    await output.completed(isAction ? { ...item, status: 'failed' } : item);
  }
}

/**
 * Whether the turn left something to read: an answer, or its failure. A plan is a question (observed 0.169, golden `collab-plan-mode`),
 * and a thread that goes on towards its goal has not answered yet.
 */
function hasNews({ output, agenda }: WorkContext, { status }: TurnEnd): boolean {
  if (status !== 'completed') return status === 'failed';
  if (agenda.goal?.isActive === true) return false;
  return output.items.all().some(({ type }) => type !== 'userMessage' && type !== 'plan');
}

function addUnread({ thread, turnId }: WorkContext): ThreadReadState | undefined {
  const readState = thread.readState?.addUnread(turnId);
  if (readState !== undefined) thread.record({ type: 'readState', readState });
  return readState;
}

async function save(turn: WorkContext, end: TurnEnd, times: EndTimes): Promise<TurnEnd> {
  const { thread, turnId } = turn;
  thread.record({ type: 'turnEnded', turnId, ...end, ...times });
  try {
    await unlessAborted(thread.hurry, thread.sync());
    return end;
  } catch (error) {
    return { status: 'failed', error: describe(turn, error) };
  }
}

function describe(turn: WorkContext, error: unknown): TurnError {
  if (error instanceof ModelError)
    return newTurnError({ message: error.message, codexErrorInfo: error.info });
  if (error instanceof StoreError) {
    const message = `the thread could not be saved: ${error.message}`;
    return newTurnError({ message, codexErrorInfo: 'other' });
  }
  turn.reportFault(error);
  return newTurnError({ message: 'the turn failed inside the server', codexErrorInfo: 'other' });
}
