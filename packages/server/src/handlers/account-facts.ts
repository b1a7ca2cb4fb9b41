import type { Handler } from '../handlers.js';
import { invalidRequest, type RpcError } from '../rpc-error.js';
import type { Accounts } from '../services.js';

/** Handles `account/read`: the key that the provider in use is asked with, where it is one that people log in with. */
export const handleAccountRead: Handler<'account/read'> = (_, { services: { accounts } }) => ({
  account: accounts.requiresOpenaiAuth && accounts.authMode !== null ? { type: 'apiKey' } : null,
  userId: null,
  requiresOpenaiAuth: accounts.requiresOpenaiAuth,
  workspaceRouting: null,
});

/** Handles `getAuthStatus`. The key itself is told to nobody, whoever asks. */
export const handleGetAuthStatus: Handler<'getAuthStatus'> = (_, { services: { accounts } }) => ({
  authMethod: accounts.requiresOpenaiAuth ? accounts.authMode : null,
  authToken: null,
  requiresOpenaiAuth: accounts.requiresOpenaiAuth,
});

/** Handles `account/rateLimits/read`: limits belong to an account that no API key has. */
export const handleAccountRateLimitsRead: Handler<'account/rateLimits/read'> = (_, { services }) => {
  throw accountNeeded('rate limits', services.accounts);
};

/** Handles `account/usage/read`: so does the usage. */
export const handleAccountUsageRead: Handler<'account/usage/read'> = (_, { services }) => {
  throw accountNeeded('token usage', services.accounts);
};

/** Handles `account/workspaceMessages/read`: and so do messages. */
export const handleAccountWorkspaceMessagesRead: Handler<'account/workspaceMessages/read'> = (
  _,
  { services },
) => {
  throw accountNeeded('workspace messages', services.accounts);
};

/** Handles `account/securitySetup/read`: nobody is asked to set anything up. */
export const handleAccountSecuritySetupRead: Handler<'account/securitySetup/read'> = () => ({ notice: null });

/** Handles `accountSession/list`: an API key has no sessions. */
export const handleAccountSessionList: Handler<'accountSession/list'> = () => ({
  activeSessionId: null,
  sessions: [],
});

/** Handles `account/bedrock/checkGovCloudRequirements`: no request of Millrace goes to that cloud. */
export const handleCheckGovCloudRequirements: Handler<'account/bedrock/checkGovCloudRequirements'> = () => ({
  isGovCloud: false,
  shouldWarn: false,
});

/**
 * Handles `account/gatewayOAuth/read`: no provider asks for such a login.
 *
 * @throws {RpcError} `invalidRequest` for a provider that is not configured.
 */
export const handleGatewayOAuthRead: Handler<'account/gatewayOAuth/read'> = (
  { modelProvider },
  { services },
) => {
  const { data, defaultProviderId } = services.configuration.providers();
  const id = modelProvider ?? defaultProviderId;
  const provider = data.find((known) => known.id === id);
  if (provider === undefined) throw invalidRequest(`Model provider \`${id}\` not found`);
  const { name: providerName } = provider;
  return {
    providerId: id,
    providerName,
    required: false,
    supportsDeviceAuth: false,
    status: null,
    error: null,
  };
};

function accountNeeded(what: string, { authMode }: Accounts): RpcError {
  const account = authMode === null ? 'codex account' : 'chatgpt';
  return invalidRequest(`${account} authentication required to read ${what}`);
}
