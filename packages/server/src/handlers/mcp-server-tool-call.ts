import type { McpServerToolCallResponse } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { orMcpFailure, unknownMcpServer } from '../mcp-failure.js';
import { RpcError } from '../rpc-error.js';

/** Handles `mcpServer/tool/call`: the client calls a tool itself, so nobody is asked whether it may run. */
export const handleMcpServerToolCall: Handler<'mcpServer/tool/call'> = async (
  { threadId, server: name, tool, arguments: given, _meta },
  context,
): Promise<McpServerToolCallResponse> => {
  const { mcp } = findThread(threadId, context, 'thread not found');
  const server = mcp.find(name);
  if (server === undefined) throw unknownMcpServer(name);
  if (!server.allows(tool)) {
    throw new RpcError('failed', `tool '${tool}' is disabled for MCP server '${name}'`);
  }
  if (!isRecordOrNothing(given)) {
    const found = JSON.stringify(given);
    const message = `MCP tool arguments must be a JSON object, got ${found}`;
    throw new RpcError('failed', `tool call failed for \`${name}/${tool}\`: ${message}`);
  }
  const { content, ...rest } = await orMcpFailure(
    (async () => {
      await server.launch();
      return server.connection.callTool({
        tool,
        arguments: given ?? undefined,
        meta: isRecordOrNothing(_meta) ? (_meta ?? undefined) : undefined,
        signal: mcp.life,
      });
    })(),
  );
  return { content: [...content], ...rest };
};

function isRecordOrNothing(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return value === undefined || (typeof value === 'object' && !Array.isArray(value));
}
