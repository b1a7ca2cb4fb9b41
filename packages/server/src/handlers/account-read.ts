import type { Handler } from '../handlers.js';

/** Handles `account/read`: there are no accounts, and none is needed. */
export const handleAccountRead: Handler<'account/read'> = () => NONE;

const NONE = { account: null, userId: null, requiresOpenaiAuth: false, workspaceRouting: null };
