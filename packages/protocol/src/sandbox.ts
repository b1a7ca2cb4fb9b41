import { z } from 'zod';
import { orDefault, type Wire, type WireInput } from './wire.js';

/** The sandbox by its short name, as configuration and `thread/start` say it. */
export const SandboxMode = z.enum(['read-only', 'workspace-write', 'danger-full-access']);
export type SandboxMode = Wire<typeof SandboxMode>;

const sandboxPolicy = z.discriminatedUnion('type', [
  z.object({ type: z.literal('dangerFullAccess') }),
  z.object({ type: z.literal('readOnly'), networkAccess: orDefault(z.boolean(), false) }),
  z.object({
    type: z.literal('externalSandbox'),
    networkAccess: orDefault(z.enum(['restricted', 'enabled']), 'restricted'),
  }),
  z.object({
    type: z.literal('workspaceWrite'),
    /** Absolute directories that may be written besides the working directory. */
    writableRoots: orDefault(z.array(z.string()), []),
    networkAccess: orDefault(z.boolean(), false),
    excludeTmpdirEnvVar: orDefault(z.boolean(), false),
    excludeSlashTmp: orDefault(z.boolean(), false),
  }),
]);

/**
 * What commands may do. `readOnly` writes nothing, `workspaceWrite` writes the working directory, its extra roots and the
 * temporary directories that are not excluded, `externalSandbox` trusts a sandbox outside, `dangerFullAccess` has no limits.
 */
export type SandboxPolicy = Wire<typeof sandboxPolicy>;
/** {@link SandboxPolicy} as callers give it. */
export type GivenSandboxPolicy = WireInput<typeof sandboxPolicy>;
export const SandboxPolicy: z.ZodType<SandboxPolicy, GivenSandboxPolicy> = sandboxPolicy;
