import { z } from 'zod';
import type { Wire } from './wire.js';

const loginAccountParams = z.discriminatedUnion('type', [
  z.object({ type: z.literal('apiKey'), apiKey: z.string() }),
  z.object({ type: z.literal('chatgpt') }),
  z.object({ type: z.literal('chatgptDeviceCode') }),
  z.object({ type: z.literal('chatgptAuthTokens'), accessToken: z.string(), chatgptAccountId: z.string() }),
  z.object({ type: z.literal('amazonBedrock'), apiKey: z.string(), region: z.string() }),
  z.object({
    type: z.literal('amazonBedrockAccessKeys'),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    region: z.string(),
  }),
]);
/** Params of `account/login/start`. Millrace takes API keys; the other ways belong to accounts of the reference's maker. */
export type LoginAccountParams = Wire<typeof loginAccountParams>;
export const LoginAccountParams: z.ZodType<LoginAccountParams> = loginAccountParams;

/** Result of `account/login/start`: the key is kept. */
export const LoginAccountResponse = z.object({ type: z.literal('apiKey') });
export interface LoginAccountResponse extends Wire<typeof LoginAccountResponse> {}

/** Params of `account/login/cancel`. */
export const CancelLoginAccountParams = z.object({ loginId: z.string() });
export interface CancelLoginAccountParams extends Wire<typeof CancelLoginAccountParams> {}

/** Result of `account/login/cancel`. No login of Millrace waits for anybody, so none is ever found. */
export const CancelLoginAccountResponse = z.object({ status: z.enum(['canceled', 'notFound']) });
export interface CancelLoginAccountResponse extends Wire<typeof CancelLoginAccountResponse> {}

/** Params of `account/logout`: none. */
export const LogoutAccountParams = z.object({});
export interface LogoutAccountParams extends Wire<typeof LogoutAccountParams> {}

/** Result of `account/logout`: nothing. */
export const LogoutAccountResponse = z.object({});
export interface LogoutAccountResponse extends Wire<typeof LogoutAccountResponse> {}

/** Params of `account/login/completed`. */
export const AccountLoginCompletedNotification = z.object({
  /** Null for a login that was over at once. */
  loginId: z.string().nullable(),
  success: z.boolean(),
  error: z.string().nullable(),
  onboardingEntrypoint: z.null(),
});
export interface AccountLoginCompletedNotification extends Wire<typeof AccountLoginCompletedNotification> {}

/** Params of `account/updated`: what the server has to log in with from now on. */
export const AccountUpdatedNotification = z.object({
  authMode: z.literal('apikey').nullable(),
  planType: z.null(),
});
export interface AccountUpdatedNotification extends Wire<typeof AccountUpdatedNotification> {}
