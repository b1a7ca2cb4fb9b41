import type { McpServer } from '@millrace/core';
import { McpError } from '@millrace/core/ports';
import type { McpServerStatus, McpServerStatusDetail } from '@millrace/protocol';

export interface StatusOptions {
  readonly detail: McpServerStatusDetail;
  /** True where the server belongs to a thread, so that its connection can be told of. */
  readonly isOfThread: boolean;
}

/** What clients are told of a server. Asks it for its resources where that is wanted and it runs. */
export async function describeMcpServer(
  server: McpServer,
  { detail, isOfThread }: StatusOptions,
): Promise<McpServerStatus> {
  const { start, config, name, status } = server;
  const ready = start?.type === 'ready' ? start : undefined;
  const { transport } = config;
  const hasResources =
    detail === 'full' && isRecord(ready?.capabilities) && 'resources' in ready.capabilities;
  const [resources, resourceTemplates] = hasResources
    ? await Promise.all([
        orNone(() => server.connection.listResources()),
        orNone(() => server.connection.listResourceTemplates()),
      ])
    : [[], []];
  return {
    name,
    runtimeStatus: isOfThread ? status : null,
    pluginId: null,
    httpOrigin: transport.type === 'http' ? new URL(transport.url).origin : null,
    serverInfo: ready?.info ?? null,
    serverCapabilities: ready?.capabilities ?? null,
    toolListMeta: null,
    tools: Object.fromEntries(server.tools.map((tool) => [tool.name, tool])),
    toolsError: start === undefined || ready !== undefined ? null : server.reason,
    resources: [...resources],
    resourceTemplates: [...resourceTemplates],
    authStatus: authStatus(server),
  };
}

/** Only a token from the environment is known of; what else a server over HTTP wants is not. */
function authStatus({ config: { transport } }: McpServer): McpServerStatus['authStatus'] {
  if (transport.type === 'stdio') return 'unsupported';
  return transport.bearerTokenVariable === null ? 'unknown' : 'bearerToken';
}

/** A server that cannot list what it said that it has is shown without. */
async function orNone<T>(list: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof McpError) return [];
    throw error;
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
