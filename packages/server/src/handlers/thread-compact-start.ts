import { CompactionWork } from '@millrace/core';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { admitTurn } from '../turn-admission.js';

/** Handles `thread/compact/start`: begins a turn that replaces what was said by a summary. A turn that runs is interrupted first. */
export const handleThreadCompactStart: Handler<'thread/compact/start'> = async ({ threadId }, context) => {
  const thread = findThread(threadId, context, 'thread not found');
  await admitTurn(thread, context, (starter) => thread.replaceWork(new CompactionWork(), starter));
  return {};
};
