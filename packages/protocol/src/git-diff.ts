import { z } from 'zod';
import type { Wire } from './wire.js';

/** Params of `gitDiffToRemote`. */
export const GitDiffToRemoteParams = z.object({ cwd: z.string() });
export interface GitDiffToRemoteParams extends Wire<typeof GitDiffToRemoteParams> {}

/** Result of `gitDiffToRemote`. */
export const GitDiffToRemoteResponse = z.object({
  /** The nearest commit that a remote is known to have. */
  sha: z.string(),
  /** From that commit to the files as they are now, untracked ones included. */
  diff: z.string(),
});
export interface GitDiffToRemoteResponse extends Wire<typeof GitDiffToRemoteResponse> {}
