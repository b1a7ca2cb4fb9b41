import { describeSettings } from '@millrace/core';
import type { ThreadResumeResponse } from '@millrace/protocol';
import { noticeFullHistory, PAGE_AFTERWARDS } from '../deprecation.js';
import type { Handler } from '../handlers.js';
import { loadThread } from '../resumption.js';
import { threadStartResponse } from '../thread-start-response.js';

/**
 * Handles `thread/resume`: loads the thread where it is not, subscribes the connection, answers with the state, and replays open
 * questions. What the client chooses counts only for a thread that was not loaded.
 *
 * Subscribed first and in the same tick as the snapshot, so a turn that ends meanwhile is in one of the two.
 */
export const handleThreadResume: Handler<'thread/resume'> = async (
  params,
  context,
): Promise<ThreadResumeResponse> => {
  const { services, connection } = context;
  const thread = await loadThread(params, context);
  const { threadId, turns } = thread;
  const excludeTurns = params.excludeTurns === true;
  if (!excludeTurns && !thread.isEphemeral && !turns.isEmpty) noticeFullHistory(context, PAGE_AFTERWARDS);
  services.router.subscribe(connection, threadId);
  const turnId = turns.latest()?.id;
  context.afterwards(() => {
    if (turnId !== undefined && thread.account.hasUsage) {
      const tokenUsage = thread.account.current;
      services.router.tell(connection, 'thread/tokenUsage/updated', { threadId, turnId, tokenUsage });
    }
    services.requests.replay(connection, threadId);
  });
  return {
    ...threadStartResponse(thread, thread.view(excludeTurns ? [] : turns.all())),
    collaborationMode: describeSettings(thread.settings).collaborationMode,
    initialTurnsPage: null,
    turnsBackwardsCursor: null,
    itemsBackwardsCursor: null,
  };
};
