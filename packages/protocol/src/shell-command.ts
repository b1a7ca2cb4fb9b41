import { z } from 'zod';
import type { Wire } from './wire.js';

/** Params of `thread/shellCommand`: a command line of the user, run by the thread's shell without a sandbox. */
export const ThreadShellCommandParams = z.object({
  threadId: z.string(),
  command: z.string(),
  /** Milliseconds after which it is killed, one hour when absent; 0 means at once. */
  timeoutMs: z.int().nullish(),
});
export interface ThreadShellCommandParams extends Wire<typeof ThreadShellCommandParams> {}

/** Result of `thread/shellCommand`: the command was taken. Its end is told as an item. */
export const ThreadShellCommandResponse = z.object({});
export interface ThreadShellCommandResponse extends Wire<typeof ThreadShellCommandResponse> {}
