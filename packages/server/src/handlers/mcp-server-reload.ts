import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `config/mcpServer/reload`: answers, then each loaded thread takes the MCP servers as the files name them now. */
export const handleMcpServerReload: Handler<'config/mcpServer/reload'> = async (_, context) => {
  const { configuration, threads, diagnostics } = context.services;
  const read = await configuration.read();
  if (typeof read === 'string') throw invalidRequest(`failed to read configuration: ${read}`);
  context.afterwards(() => {
    for (const threadId of threads.loadedIds()) {
      const reloading = threads.find(threadId)?.mcp.reload();
      reloading?.catch((error: unknown) =>
        diagnostics.emit('fault', { where: 'config/mcpServer/reload', error }),
      );
    }
  });
  return {};
};
