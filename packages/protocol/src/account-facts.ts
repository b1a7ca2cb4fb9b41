import { z } from 'zod';
import type { Wire } from './wire.js';

/** Params of questions about an account that take none. */
export const NoAccountParams = z.object({});
export interface NoAccountParams extends Wire<typeof NoAccountParams> {}

/** Params of `account/usage/read`. */
export const GetAccountTokenUsageParams = z.object({ threadId: z.string().nullish() });
export interface GetAccountTokenUsageParams extends Wire<typeof GetAccountTokenUsageParams> {}

/** Result of what only an account of the reference's maker can answer: there is never one. */
export const NoAnswer = z.never();

/** Result of `account/securitySetup/read`: nobody has to set anything up. */
export const GetAccountSecuritySetupResponse = z.object({ notice: z.null() });
export interface GetAccountSecuritySetupResponse extends Wire<typeof GetAccountSecuritySetupResponse> {}

/** Result of `accountSession/list`: an API key has no sessions. */
export const AccountSessionListResponse = z.object({
  activeSessionId: z.null(),
  sessions: z.array(z.never()),
});
export interface AccountSessionListResponse extends Wire<typeof AccountSessionListResponse> {}

/** Result of `account/bedrock/checkGovCloudRequirements`: no request goes to that cloud. */
export const CheckGovCloudRequirementsResponse = z.object({
  isGovCloud: z.boolean(),
  shouldWarn: z.boolean(),
});
export interface CheckGovCloudRequirementsResponse extends Wire<typeof CheckGovCloudRequirementsResponse> {}

/** Params of `account/gatewayOAuth/read`. */
export const GatewayOAuthReadParams = z.object({ modelProvider: z.string().nullish() });
export interface GatewayOAuthReadParams extends Wire<typeof GatewayOAuthReadParams> {}

/** Result of `account/gatewayOAuth/read`. No provider of Millrace asks for such a login. */
export const GatewayOAuthReadResponse = z.object({
  providerId: z.string(),
  providerName: z.string(),
  required: z.boolean(),
  supportsDeviceAuth: z.boolean(),
  status: z.null(),
  error: z.null(),
});
export interface GatewayOAuthReadResponse extends Wire<typeof GatewayOAuthReadResponse> {}
