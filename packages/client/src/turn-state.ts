import type { RequestParams, RequestResult, Turn } from '@millrace/protocol';
import { ServerError } from './errors.js';

/** What the server says of a turn when it is asked. */
export type TurnState =
  /** It is over; its end did not come. */
  | { readonly type: 'ended'; readonly turn: Turn }
  /** It waits for a person, a command or a tool, or nothing can be known at the moment. */
  | { readonly type: 'busy' }
  /** It runs, and nothing says what for; or the server does not answer. */
  | { readonly type: 'silent' };

type ReadThread = (params: RequestParams<'thread/read'>) => Promise<RequestResult<'thread/read'>>;

/** Asks what became of a turn. Rejects when the server cannot be asked. */
export async function readTurnState(read: ReadThread, threadId: string, turnId: string): Promise<TurnState> {
  const { thread } = await readThread(read, threadId);
  if (thread.status.type === 'active' && thread.status.activeFlags.length > 0) return { type: 'busy' };
  const turn = thread.turns.find(({ id }) => id === turnId);
  if (turn === undefined) return { type: 'silent' };
  if (turn.status !== 'inProgress') return { type: 'ended', turn };
  const isWorking = turn.items.some((item) => 'status' in item && item.status === 'inProgress');
  return { type: isWorking ? 'busy' : 'silent' };
}

/** With its turns, where it keeps any: an ephemeral thread has none to read. */
async function readThread(read: ReadThread, threadId: string): Promise<RequestResult<'thread/read'>> {
  try {
    return await read({ threadId, includeTurns: true });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return read({ threadId, includeTurns: false });
  }
}
