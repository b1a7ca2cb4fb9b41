import { LIMITS } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest, RpcError } from '../rpc-error.js';
import { admitTurn } from '../turn-admission.js';

/** Handles `thread/shellCommand`: a command line of the user, in the running turn or in one of its own. */
export const handleThreadShellCommand: Handler<'thread/shellCommand'> = async (params, context) => {
  const { threadId, command } = params;
  const thread = findThread(threadId, context, 'thread not found');
  if (command.trim() === '') throw invalidRequest('command must not be empty');
  if (Buffer.byteLength(command) > LIMITS.commandBytes)
    throw invalidRequest(`command is longer than ${LIMITS.commandBytes} bytes`);
  const timeoutMs = params.timeoutMs ?? LIMITS.userShellTimeoutMs;
  if (timeoutMs < 0) throw new RpcError('invalidParams', `timeoutMs must be non-negative, got ${timeoutMs}`);
  const shellCommand = { script: command, timeoutMs: Math.min(timeoutMs, LIMITS.maxUserShellTimeoutMs) };
  await admitTurn(thread, context, (starter) => thread.runShell(shellCommand, starter));
  return {};
};
