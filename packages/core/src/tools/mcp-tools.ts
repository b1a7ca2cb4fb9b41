import type { McpTool } from '@millrace/protocol';
import type { McpServer } from '../mcp-server.js';
import { callMcpTool } from './call-mcp-tool.js';
import type { Tool } from './tool.js';

/** Characters of a name of a namespace and of a tool together, as the Responses API takes it. */
const NAME_CHARS = 64;

/**
 * The tools of running servers, as the model is offered them: each server is a namespace `mcp__<server>`. A tool whose name comes
 * out like that of another one gets a number.
 *
 * @param granted Which tools run without asking; calls that are granted for the session are added.
 */
export function mcpTools(servers: readonly McpServer[], granted: Set<string>): readonly Tool[] {
  const families = new Set<string>();
  return servers.flatMap((server) => {
    if (server.tools.length === 0) return [];
    const name = unused(plain(`mcp__${server.name}`, NAME_CHARS / 2), families);
    const start = server.start;
    const description = start?.type === 'ready' ? start.instructions : '';
    const names = new Set<string>();
    return server.tools.map((tool) => {
      const callName = unused(plain(tool.name, NAME_CHARS - name.length), names);
      return toTool(server, tool, { namespace: { name, description }, callName, granted });
    });
  });
}

interface Offer {
  readonly namespace: NonNullable<Tool['namespace']>;
  readonly callName: string;
  readonly granted: Set<string>;
}

function toTool(server: McpServer, tool: McpTool, { namespace, callName, granted }: Offer): Tool {
  const description = typeof tool.description === 'string' ? tool.description : '';
  return {
    spec: { type: 'function', name: callName, description, parameters: tool.inputSchema },
    namespace,
    isEnabled: () => true,
    run: (call, context) => callMcpTool({ server, tool, granted }, call, context),
  };
}

/** Models call tools by letters, digits and underscores. */
function plain(name: string, limit: number): string {
  return name.replaceAll(/[^a-zA-Z0-9_]/g, '_').slice(0, limit);
}

function unused(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate); count += 1) {
    const suffix = `_${count}`;
    candidate = `${name.slice(0, NAME_CHARS / 2 - suffix.length)}${suffix}`;
  }
  taken.add(candidate);
  return candidate;
}
