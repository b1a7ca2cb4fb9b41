import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';

/** Handles `thread/unsubscribe`. A running turn goes on. */
export const handleThreadUnsubscribe: Handler<'thread/unsubscribe'> = (
  { threadId },
  { services, connection },
) => {
  checkThreadId(threadId, 'thread');
  const thread = services.threads.find(threadId.toLowerCase());
  if (thread === undefined) return { status: 'notLoaded' };
  return {
    status: services.router.unsubscribe(connection, thread.threadId) ? 'unsubscribed' : 'notSubscribed',
  };
};
