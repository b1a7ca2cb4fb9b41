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
