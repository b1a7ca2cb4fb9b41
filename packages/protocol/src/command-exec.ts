import { z } from 'zod';
import { SandboxPolicy } from './sandbox.js';
import { TerminalSize } from './terminal-size.js';
import { orDefault, type Wire, type WireInput } from './wire.js';

const commandExecParams = z.object({
  /** The program and its arguments; at least the program. */
  command: z.array(z.string()),
  /** The client's own name for it on this connection; needed for a terminal and for streaming. */
  processId: z.string().nullish(),
  /** A relative path counts from the server's working directory, which is the default. */
  cwd: z.string().nullish(),
  /** Over the variables that commands get; null takes one away. */
  env: z.record(z.string(), z.string().nullable()).nullish(),
  /** What it may do; the configured policy by default. */
  sandboxPolicy: SandboxPolicy.nullish(),
  /** A pseudo terminal; streams in both directions. */
  tty: orDefault(z.boolean(), false),
  size: TerminalSize.nullish(),
  streamStdin: orDefault(z.boolean(), false),
  streamStdoutStderr: orDefault(z.boolean(), false),
  /** Bytes of each stream that are kept or streamed; the rest is read and dropped. */
  outputBytesCap: z.int().min(0).nullish(),
  disableOutputCap: orDefault(z.boolean(), false),
  /** Milliseconds; 10,000 by default. */
  timeoutMs: z.int().nullish(),
  disableTimeout: orDefault(z.boolean(), false),
});
/** Params of `command/exec`. */
export interface CommandExecParams extends Wire<typeof commandExecParams> {}
/** {@link CommandExecParams} as callers give them. */
export interface GivenCommandExecParams extends WireInput<typeof commandExecParams> {}
export const CommandExecParams: z.ZodType<CommandExecParams, GivenCommandExecParams> = commandExecParams;

/** Result of `command/exec`, at the end of the process. Output that was streamed is not repeated. */
export const CommandExecResponse = z.object({
  /** 124 after the timeout, 1 after `command/exec/terminate`. */
  exitCode: z.int(),
  stdout: z.string(),
  stderr: z.string(),
});
export interface CommandExecResponse extends Wire<typeof CommandExecResponse> {}

const commandExecWriteParams = z.object({
  processId: z.string(),
  deltaBase64: z.string().nullish(),
  /** Ends the input after what is written. */
  closeStdin: orDefault(z.boolean(), false),
});
/** Params of `command/exec/write`. */
export interface CommandExecWriteParams extends Wire<typeof commandExecWriteParams> {}
/** {@link CommandExecWriteParams} as callers give them. */
export interface GivenCommandExecWriteParams extends WireInput<typeof commandExecWriteParams> {}
export const CommandExecWriteParams: z.ZodType<CommandExecWriteParams, GivenCommandExecWriteParams> =
  commandExecWriteParams;

/** Result of `command/exec/write`, once the bytes were handed to the process. */
export const CommandExecWriteResponse = z.object({});
export interface CommandExecWriteResponse extends Wire<typeof CommandExecWriteResponse> {}

/** Params of `command/exec/resize`. */
export const CommandExecResizeParams = z.object({ processId: z.string(), size: TerminalSize });
export interface CommandExecResizeParams extends Wire<typeof CommandExecResizeParams> {}

/** Result of `command/exec/resize`. */
export const CommandExecResizeResponse = z.object({});
export interface CommandExecResizeResponse extends Wire<typeof CommandExecResizeResponse> {}

/** Params of `command/exec/terminate`. */
export const CommandExecTerminateParams = z.object({ processId: z.string() });
export interface CommandExecTerminateParams extends Wire<typeof CommandExecTerminateParams> {}

/** Result of `command/exec/terminate`: the process group was killed. */
export const CommandExecTerminateResponse = z.object({});
export interface CommandExecTerminateResponse extends Wire<typeof CommandExecTerminateResponse> {}

/** Params of `command/exec/outputDelta`. What a terminal shows is `stdout`. */
export const CommandExecOutputDeltaNotification = z.object({
  processId: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  deltaBase64: z.string(),
  /** True on the last delta of a stream that reached its cap. */
  capReached: z.boolean(),
});
export interface CommandExecOutputDeltaNotification extends Wire<typeof CommandExecOutputDeltaNotification> {}
