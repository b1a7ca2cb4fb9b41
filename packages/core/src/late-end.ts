import type { ThreadItem } from '@millrace/protocol';
import type { ThreadContext } from './thread-context.js';

/** A command that was left running is a thread event: it may report after its turn ended, and nobody waits for it. */
export function reportLateEnd(thread: ThreadContext, turnId: string, ended: ThreadItem): void {
  const { threadId, turns, ports } = thread;
  const completedAtMs = ports.clock.now();
  const item = { ...ended, completedAtMs };
  turns.replaceItem(turnId, item);
  thread.record({ type: 'item', turnId, item });
  const params = { item, threadId, turnId, contentTokenCount: null, completedAtMs };
  ports.events.emit(threadId, 'item/completed', params);
}
