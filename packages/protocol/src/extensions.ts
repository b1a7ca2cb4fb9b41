import { z } from 'zod';
import { AbsolutePath } from './absolute-path.js';
import type { Wire } from './wire.js';

/** Params of `plugin/list`. */
export const PluginListParams = z.object({
  cwds: z.array(AbsolutePath).nullish(),
  marketplaceKinds: z.array(z.string()).nullish(),
  forceRefetch: z.boolean().nullish(),
});
export interface PluginListParams extends Wire<typeof PluginListParams> {}

/** Result of `plugin/list`. Millrace knows no marketplace. */
export const PluginListResponse = z.object({
  marketplaces: z.array(z.never()),
  marketplaceLoadErrors: z.array(z.never()),
  featuredPluginIds: z.array(z.never()),
});
export interface PluginListResponse extends Wire<typeof PluginListResponse> {}

/** Params of `app/list`. */
export const AppsListParams = z.object({
  cursor: z.string().nullish(),
  limit: z.uint32().nullish(),
  threadId: z.string().nullish(),
  forceRefetch: z.boolean().nullish(),
});
export interface AppsListParams extends Wire<typeof AppsListParams> {}

/** Result of `app/list`. Millrace connects to no apps. */
export const AppsListResponse = z.object({ data: z.array(z.never()), nextCursor: z.null() });
export interface AppsListResponse extends Wire<typeof AppsListResponse> {}

/** Params of `app/installed`. */
export const AppsInstalledParams = z.object({
  threadId: z.string().nullish(),
  forceRefresh: z.boolean().nullish(),
});
export interface AppsInstalledParams extends Wire<typeof AppsInstalledParams> {}

/** Result of `app/installed`. */
export const AppsInstalledResponse = z.object({ apps: z.array(z.never()) });
export interface AppsInstalledResponse extends Wire<typeof AppsInstalledResponse> {}

/** Params of `app/read`. */
export const AppsReadParams = z.object({
  appIds: z.array(z.string()),
  includeTools: z.boolean().nullish(),
  threadId: z.string().nullish(),
});
export interface AppsReadParams extends Wire<typeof AppsReadParams> {}

/** Result of `app/read`: every app is missing. */
export const AppsReadResponse = z.object({ apps: z.array(z.never()), missingAppIds: z.array(z.string()) });
export interface AppsReadResponse extends Wire<typeof AppsReadResponse> {}

/** Params of `experimentalFeature/enablement/set`. */
export const ExperimentalFeatureEnablementSetParams = z.object({
  enablement: z.record(z.string(), z.boolean()),
});
export interface ExperimentalFeatureEnablementSetParams
  extends Wire<typeof ExperimentalFeatureEnablementSetParams> {}

/** Result of `experimentalFeature/enablement/set`: the switches that were set. Names that nobody knows are left out. */
export const ExperimentalFeatureEnablementSetResponse = z.object({
  enablement: z.record(z.string(), z.boolean()),
});
export interface ExperimentalFeatureEnablementSetResponse
  extends Wire<typeof ExperimentalFeatureEnablementSetResponse> {}

/** Params of `windowsSandbox/readiness`: none. */
export const WindowsSandboxReadinessParams = z.object({});
export interface WindowsSandboxReadinessParams extends Wire<typeof WindowsSandboxReadinessParams> {}

/** Result of `windowsSandbox/readiness`. Millrace has no sandbox for Windows. */
export const WindowsSandboxReadinessResponse = z.object({
  status: z.enum(['ready', 'notConfigured', 'updateRequired']),
});
export interface WindowsSandboxReadinessResponse extends Wire<typeof WindowsSandboxReadinessResponse> {}

/** Params of `mock/experimentalMethod`. */
export const MockExperimentalMethodParams = z.object({ value: z.string().nullish() });
export interface MockExperimentalMethodParams extends Wire<typeof MockExperimentalMethodParams> {}

/** Result of `mock/experimentalMethod`, with which clients try whether they have the capability `experimentalApi`. */
export const MockExperimentalMethodResponse = z.object({ echoed: z.string().nullable() });
export interface MockExperimentalMethodResponse extends Wire<typeof MockExperimentalMethodResponse> {}
