import type { McpServerConnectionStatus, McpTool } from '@millrace/protocol';
import {
  type McpConnection,
  McpError,
  type McpHost,
  type McpLauncher,
  type McpServerConfig,
  type McpStart,
} from './mcp-launcher.js';

export interface McpServerOptions {
  readonly config: McpServerConfig;
  readonly launcher: McpLauncher;
  readonly host: Pick<McpHost, 'cwd' | 'elicit'>;
  /** Called with each change of {@link McpServer.status} that clients are told of. */
  readonly onStatus: (server: McpServer) => void;
}

/** What clients are told of the start of a server. */
export type McpStartupState = 'starting' | 'ready' | 'failed' | 'cancelled';

/**
 * One MCP server as a thread has it. `notStarted → starting → connected → failed`; `disabled` for one that is configured not to
 * run.
 */
export class McpServer {
  readonly config: McpServerConfig;
  readonly #options: McpServerOptions;
  #connection: McpConnection | undefined;
  #status: McpServerConnectionStatus;
  #start: McpStart | undefined;

  constructor(options: McpServerOptions) {
    this.config = options.config;
    this.#options = options;
    this.#status = options.config.isEnabled ? 'notStarted' : 'disabled';
  }

  get name(): string {
    return this.config.name;
  }
  get status(): McpServerConnectionStatus {
    return this.#status;
  }
  /** What the start came to; undefined while it is not over. */
  get start(): McpStart | undefined {
    return this.#start;
  }

  /** The state of the start in the words of its notification; undefined where there is nothing to tell. */
  get startup(): McpStartupState | undefined {
    if (this.#status === 'connected') return 'ready';
    return this.#status === 'starting' || this.#status === 'failed' || this.#status === 'cancelled'
      ? this.#status
      : undefined;
  }

  /** Why the server does not run, as clients are told; null where it does. */
  get failure(): string | null {
    const { name, startupTimeoutMs } = this.config;
    if (this.#start === undefined || this.#start.type === 'ready' || this.#start.type === 'cancelled')
      return null;
    if (this.#start.type === 'failed')
      return `MCP client for \`${name}\` failed to start: MCP startup failed: ${this.#start.message}`;
    const advice = `Add or adjust \`startup_timeout_sec\` in your config.toml:\n[mcp_servers.${name}]\nstartup_timeout_sec = XX`;
    return `MCP client for \`${name}\` timed out after ${startupTimeoutMs / 1_000} seconds. ${advice}`;
  }

  /** Every tool of the server that the configuration does not leave out, by name. */
  get tools(): readonly McpTool[] {
    if (this.#status !== 'connected') return [];
    return (this.#connection?.tools ?? [])
      .filter(({ name }) => this.allows(name))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether the configuration lets a tool be called. */
  allows(tool: string): boolean {
    const { enabledTools, disabledTools } = this.config;
    return (enabledTools?.includes(tool) ?? true) && !disabledTools.includes(tool);
  }

  /** Starts the server where it has not been; resolves when the start is over, however it went. */
  async launch(): Promise<void> {
    if (this.#connection === undefined && this.config.isEnabled) this.#launch();
    await this.#connection?.started;
  }

  /** The connection of a server that runs. @throws {McpError} where it does not. */
  get connection(): McpConnection {
    if (this.#status === 'connected' && this.#connection !== undefined) return this.#connection;
    throw new McpError(`failed to get client: ${this.reason}`);
  }

  /** Why there is no connection, in short. */
  get reason(): string {
    if (this.#start?.type === 'failed') return `MCP startup failed: ${this.#start.message}`;
    if (this.#start?.type === 'timedOut') return 'MCP startup failed: timed out handshaking with MCP server';
    return `MCP server \`${this.name}\` is ${this.#status}`;
  }

  /** Ends the server for good. Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#status = this.#status === 'starting' ? 'cancelled' : this.#status;
    await this.#connection?.close();
  }

  #launch(): void {
    const { launcher, host, onStatus } = this.#options;
    this.#status = 'starting';
    const connection = launcher.launch(this.config, {
      ...host,
      onLost: () => this.#end({ type: 'failed', message: 'connection closed' }),
    });
    this.#connection = connection;
    onStatus(this);
    void connection.started.then((start) => {
      if (this.#status !== 'starting') return;
      if (start.type === 'ready') {
        this.#start = start;
        this.#status = 'connected';
        onStatus(this);
      } else this.#end(start);
    });
  }

  #end(start: McpStart): void {
    if (this.#status !== 'starting' && this.#status !== 'connected') return;
    this.#start = start;
    this.#status = start.type === 'cancelled' ? 'cancelled' : 'failed';
    this.#options.onStatus(this);
  }
}
