import type { Handler } from '../handlers.js';

/** Handles `mcpServerStatus/list`: Millrace starts no MCP servers yet. */
export const handleMcpServerStatusList: Handler<'mcpServerStatus/list'> = () => NONE;

const NONE = { data: [], nextCursor: null };
