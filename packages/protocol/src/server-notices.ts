import { z } from 'zod';
import type { Wire } from './wire.js';

/** Params of `warning`. `threadId` is null when it concerns no thread. */
export const WarningNotification = z.object({ threadId: z.string().nullable(), message: z.string() });
export interface WarningNotification extends Wire<typeof WarningNotification> {}

/** Params of `deprecationNotice`. */
export const DeprecationNoticeNotification = z.object({
  summary: z.string(),
  details: z.string().nullable(),
});
export interface DeprecationNoticeNotification extends Wire<typeof DeprecationNoticeNotification> {}

/** Params of `remoteControl/status/changed`. Millrace is never controlled this way and says `disabled`. */
export const RemoteControlStatusChangedNotification = z.object({
  status: z.enum(['disabled', 'connecting', 'connected', 'errored']),
  serverName: z.string(),
  installationId: z.string(),
  environmentId: z.string().nullable(),
});
export interface RemoteControlStatusChangedNotification
  extends Wire<typeof RemoteControlStatusChangedNotification> {}

/** Params of `process/exited`. Output that was streamed is not repeated. */
export const ProcessExitedNotification = z.object({
  processHandle: z.string(),
  exitCode: z.int(),
  /** True when a grandchild still held the output open as the process was given up. */
  outputDrainTimedOut: z.boolean().nullable(),
  stdout: z.string(),
  stdoutCapReached: z.boolean(),
  stderr: z.string(),
  stderrCapReached: z.boolean(),
});
export interface ProcessExitedNotification extends Wire<typeof ProcessExitedNotification> {}
