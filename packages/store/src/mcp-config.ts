import type { McpApprovalMode, McpServerConfig, McpTransport } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { ConfigError } from './config-error.js';
import type { TableReader } from './table-reader.js';

const APPROVAL_MODES = ['auto', 'prompt', 'approve'] as const satisfies readonly McpApprovalMode[];
/** One day, below the largest delay of a timer. */
const TIMEOUT_LIMIT_SECONDS = 86_400;
/** Keys that only one of the two kinds of servers has. */
const STDIO_KEYS = ['args', 'env', 'env_vars', 'cwd'] as const;
const HTTP_KEYS = ['url', 'bearer_token_env_var', 'http_headers', 'env_http_headers'] as const;

/**
 * Reads `[mcp_servers]`, by name in the order of the file.
 *
 * @param unread Gets the keys that nobody knows.
 * @throws {ConfigError} naming the server and what is wrong with it.
 */
export function readMcpServers(
  reader: TableReader | null,
  unread: string[],
): ReadonlyMap<string, McpServerConfig> {
  const servers = reader?.each((name) => {
    const server = reader.table(name);
    return server === null ? null : readServer(name, server, unread);
  });
  return servers ?? new Map();
}

function readServer(name: string, reader: TableReader, unread: string[]): McpServerConfig {
  const transport = readTransport(name, reader);
  const tools = reader.table('tools');
  const modes = tools?.each((tool) => {
    const own = tools.table(tool);
    const mode = own?.choice('approval_mode', APPROVAL_MODES) ?? null;
    unread.push(...(own?.unread() ?? []));
    return mode;
  });
  const server: McpServerConfig = {
    name,
    transport,
    isEnabled: reader.boolean('enabled') ?? true,
    isRequired: reader.boolean('required') ?? false,
    startupTimeoutMs:
      milliseconds(reader.number('startup_timeout_sec', 0, TIMEOUT_LIMIT_SECONDS)) ??
      reader.integer('startup_timeout_ms', 0, TIMEOUT_LIMIT_SECONDS * 1_000) ??
      LIMITS.mcpStartupTimeoutMs,
    toolTimeoutMs:
      milliseconds(reader.number('tool_timeout_sec', 0, TIMEOUT_LIMIT_SECONDS)) ?? LIMITS.mcpToolTimeoutMs,
    enabledTools: reader.texts('enabled_tools'),
    disabledTools: reader.texts('disabled_tools') ?? [],
    approval: reader.choice('default_tools_approval_mode', APPROVAL_MODES) ?? 'auto',
    toolApprovals: modes ?? new Map(),
  };
  unread.push(...reader.unread());
  return server;
}

function readTransport(name: string, reader: TableReader): McpTransport {
  const command = reader.text('command');
  const forbid = (keys: readonly string[], kind: string): void => {
    const found = keys.find((key) => reader.has(key));
    if (found !== undefined) throw wrong(name, `${found} is not supported for ${kind}`);
  };
  if (command !== null) {
    forbid(HTTP_KEYS, 'stdio');
    return {
      type: 'stdio',
      command,
      args: reader.texts('args') ?? [],
      env: readTexts(reader.table('env')),
      envNames: reader.texts('env_vars') ?? [],
      cwd: reader.text('cwd'),
    };
  }
  const url = reader.text('url');
  if (url === null) throw wrong(name, 'invalid transport');
  forbid(STDIO_KEYS, 'streamable_http');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw wrong(name, 'url is no http or https URL');
  return {
    type: 'http',
    url,
    bearerTokenVariable: reader.text('bearer_token_env_var'),
    headers: readTexts(reader.table('http_headers')),
    variableHeaders: readTexts(reader.table('env_http_headers')),
  };
}

function wrong(name: string, message: string): ConfigError {
  const key = `mcp_servers.${name}`;
  return new ConfigError(`${message}\nin \`${key}\`\n`, { key });
}

function readTexts(reader: TableReader | null): ReadonlyMap<string, string> {
  return reader?.each((key) => reader.anyText(key)) ?? new Map();
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1_000);
}
