import type { Thread } from '@millrace/core';
import type { RequestContext } from './request-context.js';

/** Tells a connection that has just attached itself what the thread has used so far; nothing where no model has said so. */
export function noticeUsage(thread: Thread, { services, connection }: RequestContext): void {
  const { threadId, turns, account } = thread;
  const turnId = turns.latest()?.id;
  if (turnId === undefined || !account.hasUsage) return;
  const tokenUsage = account.current;
  services.router.tell(connection, 'thread/tokenUsage/updated', { threadId, turnId, tokenUsage });
}
