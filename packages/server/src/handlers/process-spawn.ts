import { LIMITS, type ParsedParams } from '@millrace/protocol';
import { checkedSize, type DeltaNotification, launch, programOf } from '../client-launch.js';
import type { Handler } from '../handlers.js';
import type { RequestContext } from '../request-context.js';
import { overloaded, RpcError } from '../rpc-error.js';

type Params = ParsedParams<'process/spawn'>;

/**
 * Handles `process/spawn`: runs a process without a sandbox, and answers when it runs. It is killed with its connection.
 *
 * The slot for `process/exited` is taken first: a process whose end could not be told is not started.
 */
export const handleProcessSpawn: Handler<'process/spawn'> = async (params, context) => {
  check(params);
  const { connection, services } = context;
  const { processHandle } = params;
  const end = connection.view.tryReserve();
  if (typeof end === 'string') throw overloaded('reserved slots');
  const running = await services.processes
    .start(connection, processHandle, () => start(params, context))
    .catch((error: unknown) => {
      end.release();
      throw error;
    });
  context.afterwards(() => {
    void running.ended.then(({ exitCode, stdout, stderr, outputDrainTimedOut }) =>
      services.router.tellEnd(connection, end, 'process/exited', {
        processHandle,
        exitCode,
        outputDrainTimedOut,
        stdout: stdout.text,
        stdoutCapReached: stdout.capReached,
        stderr: stderr.text,
        stderrCapReached: stderr.capReached,
      }),
    );
  });
  return {};
};

function start(params: Params, context: RequestContext) {
  const { command, cwd, env, tty, size, outputBytesCap, timeoutMs } = params;
  return launch(
    {
      command,
      cwd,
      env,
      terminal: tty ? (size ?? { rows: LIMITS.terminalRows, cols: LIMITS.terminalColumns }) : null,
      takesInput: tty || params.streamStdin,
      sandbox: null,
      capBytes:
        outputBytesCap === undefined ? LIMITS.clientOutputDefaultBytes : (outputBytesCap ?? undefined),
      timeoutMs: timeoutMs === undefined ? LIMITS.clientTimeoutMs : timeoutMs,
      deltas: tty || params.streamStdoutStderr ? deltasOf(params.processHandle) : undefined,
    },
    context,
    'process',
  );
}

function deltasOf(processHandle: string): DeltaNotification {
  return (router, connection, delta) =>
    router.offer(connection, 'process/outputDelta', { processHandle, ...delta });
}

function check({ command, tty, size, timeoutMs, processHandle }: Params): void {
  programOf(command);
  if (processHandle === '') throw invalid('processHandle must not be empty');
  if (size != null && !tty) throw invalid('process/spawn size requires tty: true');
  if (size != null) checkedSize(size);
  if (timeoutMs != null && timeoutMs < 0)
    throw invalid(`process/spawn timeoutMs must be non-negative, got ${timeoutMs}`);
}

function invalid(message: string): RpcError {
  return new RpcError('invalidParams', message);
}
