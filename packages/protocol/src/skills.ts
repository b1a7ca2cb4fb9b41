import { z } from 'zod';
import { AbsolutePath } from './absolute-path.js';
import type { Wire } from './wire.js';

/** Params of `skills/list`. */
export const SkillsListParams = z.object({
  /** Directories to look in; none means the server's working directory. */
  cwds: z.array(z.string()).nullish(),
  /** Skills are read anew for every request, so this changes nothing. */
  forceReload: z.boolean().nullish(),
});
export interface SkillsListParams extends Wire<typeof SkillsListParams> {}

/** A skill: instructions for one kind of task, in a file of their own. */
export const SkillMetadata = z.object({
  name: z.string(),
  description: z.string(),
  shortDescription: z.string().nullish(),
  /** The file `SKILL.md`, absolute. */
  path: z.string(),
  /** `repo`: of the project; `user`: of the home. */
  scope: z.enum(['user', 'repo', 'system', 'admin']),
  enabled: z.boolean(),
  pluginId: z.null(),
});
export interface SkillMetadata extends Wire<typeof SkillMetadata> {}

/** A `SKILL.md` that cannot be used, and why. */
export const SkillErrorInfo = z.object({ path: z.string(), message: z.string() });
export interface SkillErrorInfo extends Wire<typeof SkillErrorInfo> {}

/** Result of `skills/list`, one entry a directory in the order of the request. */
export const SkillsListResponse = z.object({
  data: z.array(
    z.object({ cwd: z.string(), skills: z.array(SkillMetadata), errors: z.array(SkillErrorInfo) }),
  ),
});
export interface SkillsListResponse extends Wire<typeof SkillsListResponse> {}

/** Params of `skills/config/write`: exactly one of `path` and `name` says which skill. */
export const SkillsConfigWriteParams = z.object({
  path: AbsolutePath.nullish(),
  name: z.string().nullish(),
  enabled: z.boolean(),
});
export interface SkillsConfigWriteParams extends Wire<typeof SkillsConfigWriteParams> {}

/** Result of `skills/config/write`. */
export const SkillsConfigWriteResponse = z.object({ effectiveEnabled: z.boolean() });
export interface SkillsConfigWriteResponse extends Wire<typeof SkillsConfigWriteResponse> {}

/** Params of `skills/extraRoots/set`. */
export const SkillsExtraRootsSetParams = z.object({
  /** Directories that hold skills, for every project and until the server ends; they take the place of those before. */
  extraRoots: z.array(AbsolutePath),
});
export interface SkillsExtraRootsSetParams extends Wire<typeof SkillsExtraRootsSetParams> {}

/** Result of `skills/extraRoots/set`: nothing. */
export const SkillsExtraRootsSetResponse = z.object({});
export interface SkillsExtraRootsSetResponse extends Wire<typeof SkillsExtraRootsSetResponse> {}

/** Params of `skills/changed`: what was listed may not be so any more. */
export const SkillsChangedNotification = z.object({});
export interface SkillsChangedNotification extends Wire<typeof SkillsChangedNotification> {}
