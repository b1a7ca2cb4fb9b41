/** Speaks to MCP servers, as child processes or over HTTP: the adapter of the `McpLauncher` port. */
export { createMcpLauncher, type McpLauncherOptions } from './client-launcher.js';
