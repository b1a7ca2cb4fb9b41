import { McpServer } from '@millrace/core';
import type { McpLauncher, McpServerConfig } from '@millrace/core/ports';

/** MCP servers that are started for one answer and belong to no thread. */
export class McpProbes {
  readonly #launcher: McpLauncher;
  readonly #running = new Set<McpServer>();
  #isClosed = false;

  constructor(launcher: McpLauncher) {
    this.#launcher = launcher;
  }

  /** Starts a server, uses it once its start is over, however it went, and ends it. */
  async use<T>(config: McpServerConfig, cwd: string, work: (server: McpServer) => Promise<T>): Promise<T> {
    const server = new McpServer({
      config,
      launcher: this.#launcher,
      host: { cwd, elicit: () => Promise.resolve({ action: 'decline' }) },
      onStatus: () => {},
    });
    this.#running.add(server);
    try {
      if (!this.#isClosed) await server.launch();
      return await work(server);
    } finally {
      await server.close();
      this.#running.delete(server);
    }
  }

  /** Ends every server, and starts no more. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#running].map((server) => server.close()));
  }
}
