import { z } from 'zod';
import type { Wire } from './wire.js';

/** Params of `environment/info`. */
export const EnvironmentInfoParams = z.object({ environmentId: z.string() });
export interface EnvironmentInfoParams extends Wire<typeof EnvironmentInfoParams> {}

/** Result of `environment/info`: where commands run. */
export const EnvironmentInfoResponse = z.object({
  shell: z.object({
    name: z.string(),
    /** Absolute. */
    path: z.string(),
  }),
});
export interface EnvironmentInfoResponse extends Wire<typeof EnvironmentInfoResponse> {}

/** Params of `environment/status`. */
export const EnvironmentStatusParams = z.object({ environmentId: z.string() });
export interface EnvironmentStatusParams extends Wire<typeof EnvironmentStatusParams> {}

/** Result of `environment/status`. An environment that nobody knows is no error. */
export const EnvironmentStatusResponse = z.object({
  status: z.enum(['ready', 'unknown']),
  error: z.string().nullable(),
});
export interface EnvironmentStatusResponse extends Wire<typeof EnvironmentStatusResponse> {}
