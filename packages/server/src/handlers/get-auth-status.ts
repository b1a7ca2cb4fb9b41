import type { Handler } from '../handlers.js';

/** Handles `getAuthStatus`: nobody logs in here, and keys of model providers are told to nobody. */
export const handleGetAuthStatus: Handler<'getAuthStatus'> = () => NONE;

const NONE = { authMethod: null, authToken: null, requiresOpenaiAuth: false };
