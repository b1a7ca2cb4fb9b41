import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { settingsOverrides } from '../settings-overrides.js';
import { throwStoreFailure } from '../store-failure.js';
import { threadReadOnly } from '../turn-admission.js';

/** Handles `thread/settings/update`: changes what the thread runs with. Answered when it is on disk; then everybody is told. */
export const handleThreadSettingsUpdate: Handler<'thread/settings/update'> = async (params, context) => {
  const thread = findThread(params.threadId, context, 'thread not found');
  const overrides = settingsOverrides(params, thread.settings, context);
  if (thread.isReadOnly) throw threadReadOnly(thread.threadId);
  if (!thread.override(overrides)) return {};
  context.afterwards(() => thread.announceSettings());
  await thread.sync().catch(throwStoreFailure);
  return {};
};
