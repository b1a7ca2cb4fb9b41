import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `mcpServer/oauth/login`: a server over HTTP gets its token from a variable or a header of the configuration. */
export const handleMcpServerOauthLogin: Handler<'mcpServer/oauth/login'> = ({ name }, { services }) => {
  const configuration = services.configuration.forThread({});
  if (typeof configuration === 'string')
    throw invalidRequest(`failed to load configuration: ${configuration}`);
  const server = configuration.mcpServers.find((candidate) => candidate.name === name);
  if (server === undefined) throw invalidRequest(`No MCP server named '${name}' found.`);
  if (server.transport.type === 'stdio')
    throw invalidRequest('OAuth login is only supported for streamable HTTP servers.');
  throw invalidRequest(
    'OAuth login is not supported by this server; set `bearer_token_env_var` or `http_headers`.',
  );
};
