import type { ClientRequestRow } from './client-request-row.js';
import { ThreadCompactStartParams, ThreadCompactStartResponse } from './compaction.js';
import { ReviewStartParams, ReviewStartResponse } from './review.js';
import { ThreadShellCommandParams, ThreadShellCommandResponse } from './shell-command.js';

const THREAD = { type: 'thread' } as const;

/** The requests that begin turns about something else than what the user says. */
export const TURN_WORK_REQUESTS = {
  'thread/compact/start': {
    params: ThreadCompactStartParams,
    result: ThreadCompactStartResponse,
    key: THREAD,
  },
  'thread/shellCommand': {
    params: ThreadShellCommandParams,
    result: ThreadShellCommandResponse,
    key: THREAD,
  },
  'review/start': { params: ReviewStartParams, result: ReviewStartResponse, key: THREAD },
} as const satisfies Readonly<Record<string, ClientRequestRow>>;
