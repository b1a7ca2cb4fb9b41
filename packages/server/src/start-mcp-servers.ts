import type { Thread } from '@millrace/core';
import { RpcError } from './rpc-error.js';
import type { Services } from './services.js';
import { unloadDeadline } from './unload-thread.js';

/**
 * Starts the MCP servers without which the thread must not begin.
 *
 * @throws {RpcError} `failed` that names those that did not start; then the thread is gone.
 */
export async function startRequiredMcpServers(
  thread: Thread,
  { threads, router, clock }: Pick<Services, 'threads' | 'router' | 'clock'>,
): Promise<void> {
  if (!thread.mcp.areRequired) return;
  const failures = await thread.mcp.startRequired();
  if (failures.length === 0) return;
  const { threadId } = thread;
  await threads.unload(threadId, unloadDeadline(clock), () => router.forget(threadId));
  const message = `required MCP servers failed to initialize: ${failures.join(', ')}`;
  throw new RpcError(
    'failed',
    `error creating thread: Fatal error: Failed to initialize session: ${message}`,
  );
}
