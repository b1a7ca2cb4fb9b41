import type { McpServer } from '@millrace/core';
import type { McpResourceContent } from '@millrace/core/ports';
import type { McpResourceReadResponse, ParsedParams } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { orMcpFailure, unknownMcpServer } from '../mcp-failure.js';
import type { RequestContext } from '../request-context.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `mcpServer/resource/read`: from the server of a thread, or from one that is started for the answer. */
export const handleMcpResourceRead: Handler<'mcpServer/resource/read'> = async (
  params,
  context,
): Promise<McpResourceReadResponse> => {
  const contents = await orMcpFailure(read(params, context));
  return { contents: [...contents], originCallId: null };
};

async function read(
  { threadId, server: name, uri }: ParsedParams<'mcpServer/resource/read'>,
  context: RequestContext,
): Promise<readonly McpResourceContent[]> {
  if (typeof threadId === 'string') {
    const server = findThread(threadId, context, 'thread not found').mcp.find(name);
    if (server === undefined) throw unknownMcpServer(name);
    await server.launch();
    return readFrom(server, uri);
  }
  const { configuration, mcpProbes } = context.services;
  const current = configuration.forThread({});
  if (typeof current === 'string') throw invalidRequest(`failed to load configuration: ${current}`);
  const config = current.mcpServers.find((candidate) => candidate.name === name);
  if (config === undefined) throw unknownMcpServer(name);
  return mcpProbes.use(config, current.defaults.cwd, (server) => readFrom(server, uri));
}

async function readFrom(server: McpServer, uri: string): Promise<readonly McpResourceContent[]> {
  return server.connection.readResource(uri);
}
