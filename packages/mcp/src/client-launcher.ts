import type { ClientProcessRunner, Clock, McpLauncher } from '@millrace/core/ports';
import { ClientConnection } from './client-connection.js';

export interface McpLauncherOptions {
  readonly clock: Clock;
  /** Starts the servers that are programs of this machine. */
  readonly processes: ClientProcessRunner;
  /** The variables of this process, of which servers get few. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told to servers as the version of the client. */
  readonly version: string;
}

/** Speaks to MCP servers through the official client library, which is loaded with the first server. */
export function createMcpLauncher(options: McpLauncherOptions): McpLauncher {
  return { launch: (config, host) => new ClientConnection(config, host, options) };
}
