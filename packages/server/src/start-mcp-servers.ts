import { Deadline } from '@millrace/channel';
import type { Thread } from '@millrace/core';
import { RpcError } from './rpc-error.js';
import type { Services } from './services.js';

/** Milliseconds that a thread which cannot begin may take to end. */
const ABANDON_MS = 5_000;

/**
 * Starts the MCP servers without which the thread must not begin.
 *
 * @throws {RpcError} `failed` that names those that did not start; then the thread is gone.
 */
export async function startRequiredMcpServers(
  thread: Thread,
  { threads, clock }: Pick<Services, 'threads' | 'clock'>,
): Promise<void> {
  if (!thread.mcp.areRequired) return;
  const failures = await thread.mcp.startRequired();
  if (failures.length === 0) return;
  await threads.unload(thread.threadId, Deadline.after(clock, ABANDON_MS));
  const message = `required MCP servers failed to initialize: ${failures.join(', ')}`;
  throw new RpcError(
    'failed',
    `error creating thread: Fatal error: Failed to initialize session: ${message}`,
  );
}
