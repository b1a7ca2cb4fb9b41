import type { ClientRequestMethod } from '@millrace/protocol';
import {
  handleAccountRateLimitsRead,
  handleAccountRead,
  handleAccountSecuritySetupRead,
  handleAccountSessionList,
  handleAccountUsageRead,
  handleAccountWorkspaceMessagesRead,
  handleCheckGovCloudRequirements,
  handleGatewayOAuthRead,
  handleGetAuthStatus,
} from './handlers/account-facts.js';
import {
  handleAccountLoginCancel,
  handleAccountLoginStart,
  handleAccountLogout,
} from './handlers/account-login.js';
import type { Handler } from './handlers.js';

/** The handlers of what clients do with the account that the server uses. */
export const ACCOUNT_HANDLERS = {
  'account/read': handleAccountRead,
  getAuthStatus: handleGetAuthStatus,
  'account/rateLimits/read': handleAccountRateLimitsRead,
  'account/login/start': handleAccountLoginStart,
  'account/login/cancel': handleAccountLoginCancel,
  'account/logout': handleAccountLogout,
  'account/usage/read': handleAccountUsageRead,
  'account/workspaceMessages/read': handleAccountWorkspaceMessagesRead,
  'account/securitySetup/read': handleAccountSecuritySetupRead,
  'account/gatewayOAuth/read': handleGatewayOAuthRead,
  'account/bedrock/checkGovCloudRequirements': handleCheckGovCloudRequirements,
  'accountSession/list': handleAccountSessionList,
} satisfies { readonly [M in ClientRequestMethod]?: Handler<M> };
