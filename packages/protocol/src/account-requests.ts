import {
  GetAccountParams,
  GetAccountRateLimitsParams,
  GetAccountRateLimitsResponse,
  GetAccountResponse,
  GetAuthStatusParams,
  GetAuthStatusResponse,
} from './account.js';
import {
  AccountSessionListResponse,
  CheckGovCloudRequirementsResponse,
  GatewayOAuthReadParams,
  GatewayOAuthReadResponse,
  GetAccountSecuritySetupResponse,
  GetAccountTokenUsageParams,
  NoAccountParams,
  NoAnswer,
} from './account-facts.js';
import {
  CancelLoginAccountParams,
  CancelLoginAccountResponse,
  LoginAccountParams,
  LoginAccountResponse,
  LogoutAccountParams,
  LogoutAccountResponse,
} from './account-login.js';
import type { ClientRequestRow } from './client-request-row.js';

const CHANGES_ACCOUNT = { type: 'global', name: 'account' } as const;

/** What clients do with the account that the server uses. */
export const ACCOUNT_REQUESTS = {
  'account/read': { params: GetAccountParams, result: GetAccountResponse, struct: 'GetAccountParams' },
  getAuthStatus: {
    params: GetAuthStatusParams,
    result: GetAuthStatusResponse,
    partial: 'The key is told to nobody, whoever asks.',
  },
  'account/rateLimits/read': {
    params: GetAccountRateLimitsParams,
    result: GetAccountRateLimitsResponse,
    paramsOptional: true,
    struct: 'GetAccountRateLimitsParams',
    partial: 'Always an error: an API key tells no limits.',
  },
  'account/login/start': {
    params: LoginAccountParams,
    result: LoginAccountResponse,
    key: CHANGES_ACCOUNT,
    struct: 'LoginAccountParams',
    partial: 'API keys only.',
  },
  'account/login/cancel': {
    params: CancelLoginAccountParams,
    result: CancelLoginAccountResponse,
    struct: 'CancelLoginAccountParams',
  },
  'account/logout': {
    params: LogoutAccountParams,
    result: LogoutAccountResponse,
    key: CHANGES_ACCOUNT,
    paramsOptional: true,
  },
  'account/usage/read': {
    params: GetAccountTokenUsageParams,
    result: NoAnswer,
    paramsOptional: true,
    struct: 'GetAccountTokenUsageParams',
    partial: 'Always an error: an API key tells no usage.',
  },
  'account/workspaceMessages/read': {
    params: NoAccountParams,
    result: NoAnswer,
    paramsOptional: true,
    partial: 'Always an error: an API key has no workspace.',
  },
  'account/securitySetup/read': {
    params: NoAccountParams,
    result: GetAccountSecuritySetupResponse,
    paramsOptional: true,
    partial: 'Always none: an API key needs no set-up.',
  },
  'account/gatewayOAuth/read': {
    params: GatewayOAuthReadParams,
    result: GatewayOAuthReadResponse,
    paramsOptional: true,
    partial: 'Never required: providers are asked with keys.',
  },
  'account/bedrock/checkGovCloudRequirements': {
    params: NoAccountParams,
    result: CheckGovCloudRequirementsResponse,
    experimental: true,
    partial: 'Always no: nothing is sent to that cloud.',
  },
  'accountSession/list': {
    params: NoAccountParams,
    result: AccountSessionListResponse,
    experimental: true,
    partial: 'Always empty: an API key has no sessions.',
  },
} as const satisfies Readonly<Record<string, ClientRequestRow>>;
