import { newContextCompaction } from '@millrace/protocol';
import { compactedHistory, isWorthCompacting, newerHalf } from './compacted-history.js';
import { approximateTokens } from './model-output.js';
import { ModelRound } from './model-round.js';
import { ModelError } from './ports.js';
import type { MessageItem, ResponseItem } from './response-item.js';
import { sideContext } from './side-context.js';
import { SilentSpeech } from './speech.js';
import type { WorkContext } from './turn-work.js';

const QUESTION = `<context_compaction>
The conversation has become too long to go on with. Write a summary for a colleague who takes over now and sees nothing but it and \
the user's latest messages. Say what the user wants and what they decided, what is done and how it was checked, what is left and what \
comes next, which files, commands and facts matter, with exact names, and what was tried in vain. Be brief and complete; write only \
the summary, and call no tools.
</context_compaction>`;

/**
 * Replaces the history of the thread by a summary that the model writes of it, and shows that as an item.
 *
 * The old history stands until the new one is there as one record, so a crash, an interrupt or a failure before changes nothing.
 * Rejects with {@link ModelError}, or the turn's reason when it was interrupted.
 */
export async function compact(turn: WorkContext): Promise<void> {
  const { thread, output, ports, turnId } = turn;
  const item = newContextCompaction({ id: ports.ids.uuid(), startedAtMs: output.now() });
  await output.started(item);
  if (isWorthCompacting(thread.history.items)) {
    const before = [...thread.history.items];
    const summary = await summarize(turn, before);
    const compacted = await compactedHistory(before, summary, turn);
    // What a client injected meanwhile is not in the summary.
    const history = [...compacted, ...thread.history.items.slice(before.length)];
    thread.history.replace(history);
    thread.record({ type: 'compacted', turnId, history });
    await turn.showUsage(thread.account.occupy(approximateTokens(JSON.stringify(history))));
  }
  await output.completed(item);
}

/** Whether the provider said that the model cannot be given that much. */
export function isWindowExceeded(error: unknown): boolean {
  return error instanceof ModelError && error.info === 'contextWindowExceeded';
}

/** Asks for the summary; where even the question is too long, without the older half, and so on. */
async function summarize(turn: WorkContext, all: readonly ResponseItem[]): Promise<string> {
  let history = all;
  for (;;) {
    try {
      return await askForSummary(turn, history);
    } catch (error) {
      if (!isWindowExceeded(error) || history.length < 2) throw error;
      history = newerHalf(history);
    }
  }
}

async function askForSummary(turn: WorkContext, history: readonly ResponseItem[]): Promise<string> {
  const question: MessageItem = {
    type: 'message',
    id: `msg_${turn.ports.ids.uuid()}`,
    role: 'user',
    content: [{ type: 'input_text', text: QUESTION }],
  };
  let speech = new SilentSpeech();
  const beginAgain = (): SilentSpeech => {
    speech = new SilentSpeech();
    return speech;
  };
  const context = sideContext(turn, [...history, question]);
  await new ModelRound(context, { speech: beginAgain, hasTools: false, isHidden: true }).run();
  if (speech.last.trim() !== '') return speech.last;
  // Nothing would be left of the conversation.
  throw new ModelError('the model gave no summary of the conversation', { info: 'other', retryable: false });
}
