import { sandboxRules } from '@millrace/core';
import { LIMITS, type ParsedParams } from '@millrace/protocol';
import { checkedSize, type DeltaNotification, launch, programOf } from '../client-launch.js';
import type { Handler } from '../handlers.js';
import { ANSWERED_LATER, type RequestContext } from '../request-context.js';
import { invalidRequest, RpcError } from '../rpc-error.js';

type Params = ParsedParams<'command/exec'>;

/**
 * Handles `command/exec`: runs a command in the sandbox that the client or the configuration asks for, and answers at its end.
 *
 * It is killed with its connection. A sandbox that does not work refuses the command.
 */
export const handleCommandExec: Handler<'command/exec'> = async (
  params,
  context,
): Promise<typeof ANSWERED_LATER> => {
  check(params);
  const { connection, services } = context;
  const id = params.processId ?? undefined;
  const running = await services.commands.start(connection, id, () => start(params, context));
  void running.ended.then(({ exitCode, stdout, stderr }) =>
    context.respond({ exitCode, stdout: stdout.text, stderr: stderr.text }),
  );
  return ANSWERED_LATER;
};

function start(params: Params, context: RequestContext) {
  const { command, env, tty, size } = params;
  const { configuration, identity } = context.services;
  const configured = configuration.forThread({});
  if (typeof configured === 'string') throw invalidRequest(configured);
  const cwd = identity.resolvePath(params.cwd ?? '.');
  const sandboxPolicy = params.sandboxPolicy ?? configured.defaults.sandboxPolicy;
  return launch(
    {
      command,
      cwd,
      env,
      terminal: tty ? (size ?? { rows: LIMITS.terminalRows, cols: LIMITS.terminalColumns }) : null,
      takesInput: tty || params.streamStdin,
      sandbox: sandboxRules({ ...configured.defaults, cwd, sandboxPolicy }),
      capBytes: params.disableOutputCap
        ? undefined
        : (params.outputBytesCap ?? LIMITS.clientOutputDefaultBytes),
      timeoutMs: params.disableTimeout ? null : (params.timeoutMs ?? LIMITS.clientTimeoutMs),
      deltas: tty || params.streamStdoutStderr ? deltasOf(params.processId ?? '') : undefined,
    },
    context,
    'command',
  );
}

function deltasOf(processId: string): DeltaNotification {
  return (router, connection, delta) =>
    router.offer(connection, 'command/exec/outputDelta', { processId, ...delta });
}

function check(params: Params): void {
  programOf(params.command);
  const { tty, size, timeoutMs } = params;
  if (size != null && !tty) throw invalid('command/exec size requires tty: true');
  if (size != null) checkedSize(size);
  if (timeoutMs != null && params.disableTimeout)
    throw invalid('command/exec cannot set both timeoutMs and disableTimeout');
  if (params.outputBytesCap != null && params.disableOutputCap)
    throw invalid('command/exec cannot set both outputBytesCap and disableOutputCap');
  if (timeoutMs != null && timeoutMs < 0)
    throw invalid(`command/exec timeoutMs must be non-negative, got ${timeoutMs}`);
  const isInteractive = tty || params.streamStdin || params.streamStdoutStderr;
  if (isInteractive && params.processId == null)
    throw invalidRequest('command/exec tty or streaming requires a client-supplied processId');
}

function invalid(message: string): RpcError {
  return new RpcError('invalidParams', message);
}
