import { z } from 'zod';
import { orDefault, type Wire } from './wire.js';

const fileSystemEntry = z.object({
  access: z.enum(['read', 'write', 'deny']),
  path: z.union([
    z.object({ type: z.literal('path'), path: z.string() }),
    z.object({ type: z.literal('glob_pattern'), pattern: z.string() }),
    z.object({ type: z.literal('special'), value: z.looseObject({ kind: z.string() }) }),
  ]),
});

/** Rights beyond those of the sandbox. Paths are absolute; `read` and `write` say the same as `entries` for older clients. */
export const PermissionProfile = z.object({
  network: z.object({ enabled: z.boolean().nullish() }).nullish(),
  fileSystem: z
    .object({
      read: z.array(z.string()).nullish(),
      write: z.array(z.string()).nullish(),
      entries: z.array(fileSystemEntry).nullish(),
      globScanMaxDepth: z.int().positive().nullish(),
    })
    .nullish(),
});
export interface PermissionProfile extends Wire<typeof PermissionProfile> {}

/** Params of `item/permissions/requestApproval`: the agent asks for rights that its sandbox does not give. */
export const PermissionsRequestApprovalParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  environmentId: z.string().nullable(),
  startedAtMs: z.int(),
  cwd: z.string(),
  reason: z.string().nullable(),
  permissions: PermissionProfile,
});
export interface PermissionsRequestApprovalParams extends Wire<typeof PermissionsRequestApprovalParams> {}

/** Answer to `item/permissions/requestApproval`: what of it is granted, and for how long. Nothing is granted by leaving it out. */
export const PermissionsRequestApprovalResponse = z.object({
  permissions: PermissionProfile,
  scope: orDefault(z.enum(['turn', 'session']), 'turn'),
});
export interface PermissionsRequestApprovalResponse extends Wire<typeof PermissionsRequestApprovalResponse> {}
