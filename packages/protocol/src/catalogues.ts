import { z } from 'zod';
import type { Wire } from './wire.js';

const pageParams = { cursor: z.string().nullish(), limit: z.uint32().nullish() };

/** Params of `collaborationMode/list`: none. */
export const CollaborationModeListParams = z.object({});
export interface CollaborationModeListParams extends Wire<typeof CollaborationModeListParams> {}

/** A mode that a turn can be given, with what a client should preset. Null leaves a setting as it is. */
export const CollaborationModeMask = z.object({
  name: z.string(),
  mode: z.enum(['plan', 'default']).nullable(),
  model: z.string().nullable(),
  reasoning_effort: z.string().nullable(),
});
export interface CollaborationModeMask extends Wire<typeof CollaborationModeMask> {}

/** Result of `collaborationMode/list`. */
export const CollaborationModeListResponse = z.object({ data: z.array(CollaborationModeMask) });
export interface CollaborationModeListResponse extends Wire<typeof CollaborationModeListResponse> {}

/** Params of `hooks/list`. */
export const HooksListParams = z.object({
  /** Directories to look in; none means the server's working directory. */
  cwds: z.array(z.string()).nullish(),
  threadId: z.string().nullish(),
});
export interface HooksListParams extends Wire<typeof HooksListParams> {}

/** Result of `hooks/list`, one entry a directory in the order of the request. Millrace runs no hooks. */
export const HooksListResponse = z.object({
  data: z.array(
    z.object({
      cwd: z.string(),
      hooks: z.array(z.never()),
      warnings: z.array(z.string()),
      errors: z.array(z.never()),
    }),
  ),
});
export interface HooksListResponse extends Wire<typeof HooksListResponse> {}

/** Params of `plugin/installed`. */
export const PluginInstalledParams = z.object({
  cwds: z.array(z.string()).nullish(),
  installSuggestionPluginNames: z.array(z.string()).nullish(),
});
export interface PluginInstalledParams extends Wire<typeof PluginInstalledParams> {}

/** Result of `plugin/installed`. Millrace has no plugins. */
export const PluginInstalledResponse = z.object({
  marketplaces: z.array(z.never()),
  marketplaceLoadErrors: z.array(z.never()),
});
export interface PluginInstalledResponse extends Wire<typeof PluginInstalledResponse> {}

/** Params of `experimentalFeature/list`. */
export const ExperimentalFeatureListParams = z.object({ ...pageParams, threadId: z.string().nullish() });
export interface ExperimentalFeatureListParams extends Wire<typeof ExperimentalFeatureListParams> {}

/** What can be switched on by a name in `[features]`. */
export const ExperimentalFeature = z.object({
  name: z.string(),
  stage: z.enum(['beta', 'underDevelopment', 'stable', 'deprecated', 'removed']),
  /** For people, like the next two; null unless the stage is `beta`. */
  displayName: z.string().nullable(),
  description: z.string().nullable(),
  announcement: z.string().nullable(),
  /** As the configuration has it now. */
  enabled: z.boolean(),
  defaultEnabled: z.boolean(),
});
export interface ExperimentalFeature extends Wire<typeof ExperimentalFeature> {}

/** Result of `experimentalFeature/list`: one page, by name. */
export const ExperimentalFeatureListResponse = z.object({
  data: z.array(ExperimentalFeature),
  nextCursor: z.string().nullable(),
});
export interface ExperimentalFeatureListResponse extends Wire<typeof ExperimentalFeatureListResponse> {}

/** Params of `permissionProfile/list`. */
export const PermissionProfileListParams = z.object({ ...pageParams, cwd: z.string().nullish() });
export interface PermissionProfileListParams extends Wire<typeof PermissionProfileListParams> {}

/** A named set of permissions. */
export const PermissionProfileSummary = z.object({
  id: z.string(),
  description: z.string().nullable(),
  /** Whether requirements of an administrator, of which Millrace knows none, leave it to the user. */
  allowed: z.boolean(),
});
export interface PermissionProfileSummary extends Wire<typeof PermissionProfileSummary> {}

/** Result of `permissionProfile/list`: one page, the strictest first. */
export const PermissionProfileListResponse = z.object({
  data: z.array(PermissionProfileSummary),
  nextCursor: z.string().nullable(),
});
export interface PermissionProfileListResponse extends Wire<typeof PermissionProfileListResponse> {}

/** Params of `modelProvider/capabilities/read`: none. */
export const ModelProviderCapabilitiesReadParams = z.object({});
export interface ModelProviderCapabilitiesReadParams
  extends Wire<typeof ModelProviderCapabilitiesReadParams> {}

/** Result of `modelProvider/capabilities/read`: what Millrace offers of the provider's own tools. */
export const ModelProviderCapabilitiesReadResponse = z.object({
  imageGeneration: z.boolean(),
  webSearch: z.boolean(),
});
export interface ModelProviderCapabilitiesReadResponse
  extends Wire<typeof ModelProviderCapabilitiesReadResponse> {}
