import type { ThreadStartResponse } from '@millrace/protocol';
import { beginThread, threadConfiguration } from '../begin-thread.js';
import { readDynamicTools } from '../dynamic-tools.js';
import type { Handler } from '../handlers.js';
import { startRequiredMcpServers } from '../start-mcp-servers.js';
import { threadStartResponse } from '../thread-start-response.js';

/** Handles `thread/start`: begins a thread and subscribes the connection; everybody is told after the answer. */
export const handleThreadStart: Handler<'thread/start'> = async (
  params,
  context,
): Promise<ThreadStartResponse> => {
  const { services } = context;
  const { router } = services;
  const configuration = threadConfiguration(params, services);
  const dynamicTools = readDynamicTools(params.dynamicTools ?? []);
  const thread = await beginThread({ ...params, dynamicTools }, context, configuration);
  await startRequiredMcpServers(thread, services);
  const { sources } = await services.guidance.instructions(thread.settings.cwd);
  const { threadId } = thread;
  const view = thread.view();
  context.afterwards(() => {
    router.emit(threadId, 'thread/started', { thread: view });
    for (const message of configuration.warnings) router.emit(threadId, 'warning', { threadId, message });
    thread.mcp.start();
  });
  return threadStartResponse(thread, view, sources);
};
