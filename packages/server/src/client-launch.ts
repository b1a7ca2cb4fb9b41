import { type ClientProcessRunner, type SandboxRules, SpawnError } from '@millrace/core/ports';
import type { TerminalSize } from '@millrace/protocol';
import { LIMITS } from '@millrace/protocol';
import { encodeBase64 } from './base64.js';
import { RunningClientProcess } from './client-process.js';
import type { Connection } from './connection.js';
import type { OutboundRouter } from './outbound-router.js';
import type { RequestContext } from './request-context.js';
import { invalidRequest, RpcError } from './rpc-error.js';

/** What a client wants started, after the checks of its method. */
export interface LaunchRequest {
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | null>> | null | undefined;
  readonly terminal: TerminalSize | null;
  readonly takesInput: boolean;
  readonly sandbox: SandboxRules | null;
  /** Bytes of each stream; undefined for as many as may be. */
  readonly capBytes: number | undefined;
  readonly timeoutMs: number | null;
  /** The notification that streamed output comes as; undefined keeps it for the end. */
  readonly deltas: DeltaNotification | undefined;
}

/** Tells the connection one delta, or says that it has no room for it. */
export type DeltaNotification = (
  router: OutboundRouter,
  connection: Connection,
  delta: { readonly stream: 'stdout' | 'stderr'; readonly deltaBase64: string; readonly capReached: boolean },
) => 'taken' | 'full';

/** The program and its arguments. @throws {RpcError} `invalidRequest` where there is no program. */
export function programOf(command: readonly string[]): readonly [string, ...string[]] {
  const [program, ...rest] = command;
  if (program === undefined) throw invalidRequest('command must not be empty');
  return [program, ...rest];
}

/** A size that a terminal can have. @throws {RpcError} `invalidParams` for a side without a character. */
export function checkedSize(size: TerminalSize): TerminalSize {
  if (size.rows === 0 || size.cols === 0)
    throw new RpcError('invalidParams', 'size rows and cols must be greater than 0');
  return size;
}

/**
 * Starts a process for a client.
 *
 * @param what `command` or `process`, for the error text.
 * @throws {RpcError} `failed` with the reason when nothing is running.
 */
export async function launch(
  request: LaunchRequest,
  { connection, services }: RequestContext,
  what: string,
): Promise<RunningClientProcess> {
  const { terminal, takesInput, deltas } = request;
  const { clientRunner, router, clock } = services;
  const process = await spawn(request, clientRunner, services.commandEnvironment).catch((cause: unknown) => {
    throw new RpcError('failed', `failed to spawn ${what}: ${reasonOf(cause)}`, { cause });
  });
  const largest = deltas === undefined ? LIMITS.clientOutputBytes : Number.POSITIVE_INFINITY;
  return new RunningClientProcess({
    process,
    clock,
    isTerminal: terminal !== null,
    takesInput,
    capBytes: Math.min(request.capBytes ?? largest, largest),
    timeoutMs: request.timeoutMs,
    deltas: deltas && {
      offer: (stream, bytes, capReached) =>
        deltas(router, connection, { stream, deltaBase64: encodeBase64(bytes), capReached }),
      whenRoom: (signal) => connection.view.whenRoom(signal),
    },
  });
}

function spawn(
  { command, cwd, env, terminal, takesInput, sandbox }: LaunchRequest,
  runner: ClientProcessRunner,
  base: Readonly<Record<string, string>>,
) {
  const merged = Object.entries({ ...base, ...env }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return runner.spawn({
    argv: programOf(command),
    cwd,
    env: Object.fromEntries(merged),
    terminal: terminal === null ? null : { rows: terminal.rows, columns: terminal.cols },
    input: takesInput ? 'open' : 'none',
    streams: 'separate',
    sandbox,
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof SpawnError)) return 'Input/output error';
  const isMissing = error.code === 'notFound' || error.code === 'badWorkingDirectory';
  return isMissing ? 'No such file or directory (os error 2)' : error.message;
}
