import { z } from 'zod';
import type { Wire } from './wire.js';

/** A command of a thread that runs while nobody waits for it. */
export const BackgroundTerminal = z.object({
  itemId: z.string(),
  processId: z.string(),
  /** The command as the model wrote it. */
  command: z.string(),
  /** Absolute. */
  cwd: z.string(),
  /** Null, like the next two, where the server does not say. */
  osPid: z.int().nullable(),
  cpuPercent: z.number().nullable(),
  rssKb: z.int().nullable(),
});
export interface BackgroundTerminal extends Wire<typeof BackgroundTerminal> {}

/** Params of `thread/backgroundTerminals/list`. A `limit` of 0 counts as 1. */
export const BackgroundTerminalsListParams = z.object({
  threadId: z.string(),
  cursor: z.string().nullish(),
  limit: z.uint32().nullish(),
});
export interface BackgroundTerminalsListParams extends Wire<typeof BackgroundTerminalsListParams> {}

/** Result of `thread/backgroundTerminals/list`: oldest first. */
export const BackgroundTerminalsListResponse = z.object({
  data: z.array(BackgroundTerminal),
  nextCursor: z.string().nullable(),
});
export interface BackgroundTerminalsListResponse extends Wire<typeof BackgroundTerminalsListResponse> {}

/** Params of `thread/backgroundTerminals/clean`, which kills what the list shows. */
export const BackgroundTerminalsCleanParams = z.object({ threadId: z.string() });
export interface BackgroundTerminalsCleanParams extends Wire<typeof BackgroundTerminalsCleanParams> {}

/** Result of `thread/backgroundTerminals/clean`: nothing. Each command's `item/completed` follows. */
export const BackgroundTerminalsCleanResponse = z.object({});
export interface BackgroundTerminalsCleanResponse extends Wire<typeof BackgroundTerminalsCleanResponse> {}

/** Params of `thread/backgroundTerminals/terminate`, which kills one of them. */
export const BackgroundTerminalsTerminateParams = z.object({ threadId: z.string(), processId: z.string() });
export interface BackgroundTerminalsTerminateParams extends Wire<typeof BackgroundTerminalsTerminateParams> {}

/** Result of `thread/backgroundTerminals/terminate`: whether there was one of that id. Its `item/completed` follows. */
export const BackgroundTerminalsTerminateResponse = z.object({ terminated: z.boolean() });
export interface BackgroundTerminalsTerminateResponse
  extends Wire<typeof BackgroundTerminalsTerminateResponse> {}
