import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `account/rateLimits/read`: limits belong to an account, and there is none. */
export const handleAccountRateLimitsRead: Handler<'account/rateLimits/read'> = () => {
  throw invalidRequest('codex account authentication required to read rate limits');
};
