import { z } from 'zod';
import type { Wire } from './wire.js';

/** How much of one rate limit is used. */
export const RateLimitWindow = z.object({
  usedPercent: z.int(),
  windowDurationMins: z.int().nullable(),
  /** Unix time in seconds. */
  resetsAt: z.int().nullable(),
});
export interface RateLimitWindow extends Wire<typeof RateLimitWindow> {}

/** Credits of an account, as its provider tells them. */
export const CreditsSnapshot = z.object({
  hasCredits: z.boolean(),
  unlimited: z.boolean(),
  balance: z.string().nullable(),
});
export interface CreditsSnapshot extends Wire<typeof CreditsSnapshot> {}

/** What one member of a workspace may spend, as its provider tells it. */
export const SpendControlLimitSnapshot = z.object({
  limit: z.string(),
  used: z.string(),
  remainingPercent: z.int(),
  /** Unix time in seconds. */
  resetsAt: z.int(),
});
export interface SpendControlLimitSnapshot extends Wire<typeof SpendControlLimitSnapshot> {}

/** The rate limits of the account in use; all null where the provider tells none. */
export const RateLimitSnapshot = z.object({
  limitId: z.string().nullable(),
  limitName: z.string().nullable(),
  normalModelSlug: z.string().nullable(),
  primary: RateLimitWindow.nullable(),
  secondary: RateLimitWindow.nullable(),
  credits: CreditsSnapshot.nullable(),
  individualLimit: SpendControlLimitSnapshot.nullable(),
  spendControlReached: z.boolean().nullable(),
  planType: z.string().nullable(),
  rateLimitReachedType: z.string().nullable(),
});
export interface RateLimitSnapshot extends Wire<typeof RateLimitSnapshot> {}

/** Params of `account/rateLimits/updated`. */
export const AccountRateLimitsUpdatedNotification = z.object({ rateLimits: RateLimitSnapshot });
export interface AccountRateLimitsUpdatedNotification
  extends Wire<typeof AccountRateLimitsUpdatedNotification> {}

/** Params of `account/read`. */
export const GetAccountParams = z.object({ refreshToken: z.boolean().nullish() });
export interface GetAccountParams extends Wire<typeof GetAccountParams> {}

/** Result of `account/read`. The only account that Millrace knows is an API key. */
export const GetAccountResponse = z.object({
  /** Null where nobody has logged in, or the provider in use wants nobody to. */
  account: z.object({ type: z.literal('apiKey') }).nullable(),
  userId: z.string().nullable(),
  requiresOpenaiAuth: z.boolean(),
  workspaceRouting: z.null(),
});
export interface GetAccountResponse extends Wire<typeof GetAccountResponse> {}

/** Params of `getAuthStatus`. */
export const GetAuthStatusParams = z.object({
  includeToken: z.boolean().nullish(),
  refreshToken: z.boolean().nullish(),
});
export interface GetAuthStatusParams extends Wire<typeof GetAuthStatusParams> {}

/** Result of `getAuthStatus`. No token is ever told. */
export const GetAuthStatusResponse = z.object({
  authMethod: z.string().nullable(),
  authToken: z.null(),
  requiresOpenaiAuth: z.boolean().nullable(),
});
export interface GetAuthStatusResponse extends Wire<typeof GetAuthStatusResponse> {}

/** Params of `account/rateLimits/read`. */
export const GetAccountRateLimitsParams = z.object({
  excludeResetCreditDetails: z.boolean().nullish(),
  supportsLunaReserve: z.boolean().nullish(),
});
export interface GetAccountRateLimitsParams extends Wire<typeof GetAccountRateLimitsParams> {}

/** Result of `account/rateLimits/read`. */
export const GetAccountRateLimitsResponse = z.object({ rateLimits: RateLimitSnapshot });
export interface GetAccountRateLimitsResponse extends Wire<typeof GetAccountRateLimitsResponse> {}
