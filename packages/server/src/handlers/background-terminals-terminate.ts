import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `thread/backgroundTerminals/terminate`: kills one of the commands that the list shows. */
export const handleBackgroundTerminalsTerminate: Handler<'thread/backgroundTerminals/terminate'> = (
  { threadId, processId },
  context,
) => {
  const { terminals } = findThread(threadId, context, 'thread not found');
  if (!/^\d+$/.test(processId))
    throw invalidRequest('invalid background terminal process id: invalid digit found in string');
  return { terminated: terminals.killOne(processId) };
};
