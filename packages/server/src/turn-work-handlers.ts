import type { ClientRequestMethod } from '@millrace/protocol';
import { handleReviewStart } from './handlers/review-start.js';
import { handleThreadCompactStart } from './handlers/thread-compact-start.js';
import { handleThreadShellCommand } from './handlers/thread-shell-command.js';
import type { Handler } from './handlers.js';

/** The handlers of the methods that begin turns about something else than what the user says. */
export const TURN_WORK_HANDLERS = {
  'thread/compact/start': handleThreadCompactStart,
  'thread/shellCommand': handleThreadShellCommand,
  'review/start': handleReviewStart,
} as const satisfies { readonly [M in ClientRequestMethod]?: Handler<M> };
