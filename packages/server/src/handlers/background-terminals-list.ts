import { LIMITS } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { paginate } from '../page.js';

/** Handles `thread/backgroundTerminals/list`: the commands that run while no tool call waits for them, oldest first. */
export const handleBackgroundTerminalsList: Handler<'thread/backgroundTerminals/list'> = (
  { threadId, cursor, limit },
  context,
) => {
  const { terminals } = findThread(threadId, context, 'thread not found');
  const running = terminals.background().map(({ item, script }) => ({
    itemId: item.id,
    processId: item.processId,
    command: script,
    cwd: item.cwd,
    osPid: null,
    cpuPercent: null,
    rssKb: null,
  }));
  return paginate(running, ({ processId }) => processId, { cursor, limit: limit ?? LIMITS.defaultPageSize });
};
