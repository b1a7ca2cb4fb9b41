import type { ClientEvent } from '@millrace/client';
import type { ThreadItem, ThreadStatus } from '@millrace/protocol';
import { appendText, type Entry, type EntryKind, entry, toEntry } from './entry.js';
import { isQuestion, type Question } from './question.js';

/** Everything that is on the screen. Never changed: each event makes the next one. */
export interface Transcript {
  /** Finished entries, oldest first. Only ever added to: they are printed once. */
  readonly history: readonly Entry[];
  /** Running items, in the order in which they started. */
  readonly live: readonly Entry[];
  /** Questions that wait for an answer, oldest first. */
  readonly questions: readonly Question[];
  readonly activeTurnId: string | undefined;
  readonly status: ThreadStatus;
  readonly tokens: number;
  /** Events that this screen missed and was told the outcome of. */
  readonly missed: number;
}

export const EMPTY: Transcript = {
  history: [],
  live: [],
  questions: [],
  activeTurnId: undefined,
  status: { type: 'idle' },
  tokens: 0,
  missed: 0,
};

type Notification = Extract<ClientEvent, { type: 'notification' }>;

/** The transcript after one more event. */
export function reduce(transcript: Transcript, event: ClientEvent): Transcript {
  switch (event.type) {
    case 'notification':
      return afterNotification(transcript, event);
    case 'request':
      return isQuestion(event) ? { ...transcript, questions: [...transcript.questions, event] } : transcript;
    case 'lagged':
      return { ...transcript, missed: transcript.missed + event.skipped };
    case 'resynced':
      return event.activeTurn === null
        ? transcript
        : event.activeTurn.items.reduce(withItem, { ...transcript, live: [] });
    case 'reconnecting':
    case 'disconnected':
      return withNotice(transcript, 'error', event.message);
    case 'reconnected':
    case 'legacy':
      return transcript;
  }
}

/** The transcript with a line of the program's own. */
export function withNotice(transcript: Transcript, kind: EntryKind, text: string): Transcript {
  const { history } = transcript;
  return { ...transcript, history: [...history, entry(`notice-${history.length}`, kind, '', text)] };
}

function afterNotification(transcript: Transcript, { method, params }: Notification): Transcript {
  switch (method) {
    case 'turn/started':
      return { ...transcript, activeTurnId: params.turn.id };
    case 'turn/completed':
      return afterTurn({ ...transcript, activeTurnId: undefined, live: [] }, params.turn.status);
    case 'item/started':
    case 'item/completed':
      return withItem(transcript, params.item);
    case 'item/agentMessage/delta':
    case 'item/reasoning/summaryTextDelta':
    case 'item/commandExecution/outputDelta':
      return withDelta(transcript, params.itemId, params.delta);
    case 'thread/status/changed':
      return { ...transcript, status: params.status };
    case 'thread/tokenUsage/updated':
      return { ...transcript, tokens: params.tokenUsage.total.totalTokens };
    case 'turn/plan/updated':
      return withNotice(
        transcript,
        'notice',
        params.plan.map(({ step, status }) => `${MARKS[status]} ${step}`).join('\n'),
      );
    case 'serverRequest/resolved':
      return { ...transcript, questions: transcript.questions.filter(({ id }) => id !== params.requestId) };
    case 'error':
      return withNotice(transcript, 'error', params.error.message);
    default:
      return transcript;
  }
}

const MARKS = { pending: '[ ]', inProgress: '[~]', completed: '[x]' } as const;

function afterTurn(transcript: Transcript, status: string): Transcript {
  return status === 'interrupted' ? withNotice(transcript, 'notice', 'Interrupted.') : transcript;
}

/** A running item is live, a finished one is history; each is put there once. */
function withItem(transcript: Transcript, item: ThreadItem): Transcript {
  const shown = toEntry(item);
  if (shown === undefined || transcript.history.some(({ id }) => id === shown.id)) return transcript;
  const isFinished = typeof item.completedAtMs === 'number';
  const others = transcript.live.filter(({ id }) => id !== shown.id);
  if (!isFinished) return { ...transcript, live: [...others, shown] };
  return { ...transcript, live: others, history: [...transcript.history, shown] };
}

function withDelta(transcript: Transcript, itemId: string, delta: string): Transcript {
  const live = transcript.live.map((each) => (each.id === itemId ? appendText(each, delta) : each));
  return { ...transcript, live };
}
