import type { ThreadReadResponse } from '@millrace/protocol';
import { noticeFullHistory } from '../deprecation.js';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import type { RequestContext } from '../request-context.js';
import { invalidRequest, RpcError } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';

/** Handles `thread/read`: a thread, on request with all its turns. One that is not loaded is read from the store and stays there. */
export const handleThreadRead: Handler<'thread/read'> = ({ threadId, includeTurns }, context) => {
  checkThreadId(threadId, 'thread');
  const thread = context.services.threads.find(threadId.toLowerCase());
  if (thread === undefined) return readStored(threadId, includeTurns === true, context);
  const readState = thread.isKept ? (thread.readState?.current ?? null) : null;
  if (includeTurns !== true) return { thread: thread.view(), readState };
  if (thread.isEphemeral) throw invalidRequest('ephemeral threads do not support includeTurns');
  if (!thread.isKept) throw new RpcError('methodNotFound', 'list_turns is not supported yet');
  noticeFullHistory(context, INSTEAD);
  return { thread: thread.view(thread.turns.all()), readState };
};

async function readStored(
  threadId: string,
  includeTurns: boolean,
  context: RequestContext,
): Promise<ThreadReadResponse> {
  const stored = await context.services.threads.stored.read(threadId.toLowerCase()).catch(throwStoreFailure);
  if (stored === undefined) throw invalidRequest(`thread not loaded: ${threadId}`);
  if (includeTurns) noticeFullHistory(context, INSTEAD);
  const thread = context.services.threads.stored.view(stored, includeTurns ? stored.turns : []);
  return { thread, readState: stored.readState ?? null };
}

const INSTEAD = 'omit `includeTurns` or set it to `false`, and read turns page by page.';
