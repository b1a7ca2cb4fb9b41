import type { McpServerStatus } from '@millrace/protocol';
import { LIMITS, type ListMcpServerStatusResponse, type ParsedParams } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { describeMcpServer, type StatusOptions } from '../mcp-server-status.js';
import type { RequestContext } from '../request-context.js';
import { invalidRequest } from '../rpc-error.js';

/** One server that can be told of; nothing of it has been asked yet. */
interface Candidate {
  readonly name: string;
  describe(options: StatusOptions): Promise<McpServerStatus>;
}

/**
 * Handles `mcpServerStatus/list`: the MCP servers by name, as a thread has them, or as the configuration names them: then each one
 * is started for the answer.
 */
export const handleMcpServerStatusList: Handler<'mcpServerStatus/list'> = async (
  { threadId, serverName, detail, cursor, limit },
  context,
): Promise<ListMcpServerStatusResponse> => {
  const all = typeof threadId === 'string' ? ofThread(threadId, context) : ofConfiguration(context);
  const wanted = all.filter(({ name }) => serverName == null || name === serverName);
  const start = readCursor(cursor, wanted.length);
  const page = wanted.slice(start, start + Math.max(limit ?? LIMITS.defaultPageSize, 1));
  const end = start + page.length;
  const options = { detail: detail ?? 'full', isOfThread: typeof threadId === 'string' } as const;
  return {
    data: await Promise.all(page.map((candidate) => candidate.describe(options))),
    nextCursor: end < wanted.length ? String(end) : null,
  };
};

function ofThread(threadId: string, context: RequestContext): readonly Candidate[] {
  const { mcp } = findThread(threadId, context, 'thread not found');
  return mcp.all.map((server) => ({
    name: server.name,
    describe: (options) => describeMcpServer(server, options),
  }));
}

function ofConfiguration({ services }: RequestContext): readonly Candidate[] {
  const configuration = services.configuration.forThread({});
  if (typeof configuration === 'string')
    throw invalidRequest(`failed to load configuration: ${configuration}`);
  const { mcpServers, defaults } = configuration;
  return mcpServers.map((config) => ({
    name: config.name,
    describe: (options) =>
      services.mcpProbes.use(config, defaults.cwd, (server) => describeMcpServer(server, options)),
  }));
}

/** A cursor counts the servers before it. */
function readCursor(cursor: ParsedParams<'mcpServerStatus/list'>['cursor'], total: number): number {
  if (cursor == null) return 0;
  if (!/^\d{1,9}$/.test(cursor)) throw invalidRequest(`invalid cursor: ${cursor}`);
  if (Number(cursor) > total) throw invalidRequest(`cursor ${cursor} exceeds total MCP servers ${total}`);
  return Number(cursor);
}
