import { z } from 'zod';
import { AbsolutePath } from './absolute-path.js';
import { TerminalSize } from './terminal-size.js';
import { orDefault, type Wire, type WireInput } from './wire.js';

const processSpawnParams = z.object({
  /** The program and its arguments; at least the program. */
  command: z.array(z.string()),
  /** The client's own name for the process on this connection. */
  processHandle: z.string(),
  cwd: AbsolutePath,
  /** Over the variables that commands get; null takes one away. */
  env: z.record(z.string(), z.string().nullable()).nullish(),
  /** A pseudo terminal; streams in both directions. */
  tty: orDefault(z.boolean(), false),
  size: TerminalSize.nullish(),
  streamStdin: orDefault(z.boolean(), false),
  streamStdoutStderr: orDefault(z.boolean(), false),
  /** Bytes of each stream that are kept or streamed; null for all, 1 MiB by default. */
  outputBytesCap: z.int().min(0).nullish(),
  /** Milliseconds; null for no limit, 10,000 by default. */
  timeoutMs: z.int().nullish(),
});
/** Params of `process/spawn`. The process runs without a sandbox. */
export interface ProcessSpawnParams extends Wire<typeof processSpawnParams> {}
/** {@link ProcessSpawnParams} as callers give them. */
export interface GivenProcessSpawnParams extends WireInput<typeof processSpawnParams> {}
export const ProcessSpawnParams: z.ZodType<ProcessSpawnParams, GivenProcessSpawnParams> = processSpawnParams;

/** Result of `process/spawn`, once the process runs; its end comes as `process/exited`. */
export const ProcessSpawnResponse = z.object({});
export interface ProcessSpawnResponse extends Wire<typeof ProcessSpawnResponse> {}

const processWriteStdinParams = z.object({
  processHandle: z.string(),
  deltaBase64: z.string().nullish(),
  /** Ends the input after what is written. */
  closeStdin: orDefault(z.boolean(), false),
});
/** Params of `process/writeStdin`. */
export interface ProcessWriteStdinParams extends Wire<typeof processWriteStdinParams> {}
/** {@link ProcessWriteStdinParams} as callers give them. */
export interface GivenProcessWriteStdinParams extends WireInput<typeof processWriteStdinParams> {}
export const ProcessWriteStdinParams: z.ZodType<ProcessWriteStdinParams, GivenProcessWriteStdinParams> =
  processWriteStdinParams;

/** Result of `process/writeStdin`, once the bytes were handed to the process. */
export const ProcessWriteStdinResponse = z.object({});
export interface ProcessWriteStdinResponse extends Wire<typeof ProcessWriteStdinResponse> {}

/** Params of `process/resizePty`. */
export const ProcessResizePtyParams = z.object({ processHandle: z.string(), size: TerminalSize });
export interface ProcessResizePtyParams extends Wire<typeof ProcessResizePtyParams> {}

/** Result of `process/resizePty`. */
export const ProcessResizePtyResponse = z.object({});
export interface ProcessResizePtyResponse extends Wire<typeof ProcessResizePtyResponse> {}

/** Params of `process/kill`. */
export const ProcessKillParams = z.object({ processHandle: z.string() });
export interface ProcessKillParams extends Wire<typeof ProcessKillParams> {}

/** Result of `process/kill`: the process group was killed. */
export const ProcessKillResponse = z.object({});
export interface ProcessKillResponse extends Wire<typeof ProcessKillResponse> {}

/** Params of `process/outputDelta`. What a terminal shows is `stdout`. */
export const ProcessOutputDeltaNotification = z.object({
  processHandle: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  deltaBase64: z.string(),
  /** True on the last delta of a stream that reached its cap. */
  capReached: z.boolean(),
});
export interface ProcessOutputDeltaNotification extends Wire<typeof ProcessOutputDeltaNotification> {}
