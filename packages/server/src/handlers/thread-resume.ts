import { describeSettings } from '@millrace/core';
import type { ThreadResumeResponse } from '@millrace/protocol';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { threadStartResponse } from '../thread-start-response.js';

/**
 * Handles `thread/resume` of a loaded thread: subscribes the connection, answers with the state, replays open questions.
 *
 * Subscribed first and in the same tick as the snapshot, so a turn that ends meanwhile is in one of the two.
 */
export const handleThreadResume: Handler<'thread/resume'> = (
  { threadId, excludeTurns },
  context,
): ThreadResumeResponse => {
  checkThreadId(threadId, 'session');
  const { services, connection } = context;
  const thread = services.threads.find(threadId.toLowerCase());
  if (thread === undefined) throw invalidRequest(`no rollout found for thread id ${threadId}`);
  services.router.subscribe(connection, thread.threadId);
  context.afterwards(() => services.requests.replay(connection, thread.threadId));
  return {
    ...threadStartResponse(thread, thread.view(excludeTurns === true ? [] : thread.turns.all())),
    collaborationMode: describeSettings(thread.settings).collaborationMode,
    initialTurnsPage: null,
    turnsBackwardsCursor: null,
    itemsBackwardsCursor: null,
  };
};
