import { injectItems } from '@millrace/core';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { injectedItems } from '../injected-items.js';
import { throwStoreFailure } from '../store-failure.js';
import { threadReadOnly } from '../turn-admission.js';

/** Handles `thread/inject_items`: adds to what the model is given. Answered when it is on disk. */
export const handleThreadInjectItems: Handler<'thread/inject_items'> = async (
  { threadId, items },
  context,
) => {
  const thread = findThread(threadId, context, 'thread not found');
  const injected = injectedItems(items);
  if (thread.isReadOnly) throw threadReadOnly(thread.threadId);
  await injectItems(thread, injected).catch(throwStoreFailure);
  return {};
};
