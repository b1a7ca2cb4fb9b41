import {
  type McpAnswer,
  type McpCall,
  type McpConnection,
  McpError,
  type McpHost,
  type McpQuestion,
  type McpResourceContent,
  type McpServerConfig,
  type McpStart,
  type McpToolResult,
} from '@millrace/core/ports';
import { LIMITS, type McpResource, type McpResourceTemplate, type McpTool } from '@millrace/protocol';
import type {
  Client,
  ClientOptions,
  ElicitRequest,
  ElicitResult,
  StreamableHTTPClientTransport,
  Transport,
} from '@modelcontextprotocol/client';
import type { McpLauncherOptions } from './client-launcher.js';
import { ServerDeadline } from './server-deadline.js';
import { toMcpError } from './server-failure.js';
import { serverTransport } from './server-transport.js';

/** Names that servers may have, as in the configuration of the reference. */
const NAME = /^[a-zA-Z0-9_:@/.-]+$/;
/** The library's own time-outs are out of the way: time is kept here, by the clock that everything waits by. */
const NO_TIMEOUT = { timeout: 2_147_483_647 };

/** One server, spoken to through the official client library. */
export class ClientConnection implements McpConnection {
  readonly started: Promise<McpStart>;
  readonly #config: McpServerConfig;
  readonly #host: McpHost;
  readonly #options: McpLauncherOptions;
  readonly #closing = new AbortController();
  #transport: Transport | undefined;
  #client: Client | undefined;
  #tools: readonly McpTool[] = [];
  #questions = 0;
  #closed: Promise<void> | undefined;

  constructor(config: McpServerConfig, host: McpHost, options: McpLauncherOptions) {
    this.#config = config;
    this.#host = host;
    this.#options = options;
    this.started = this.#start();
  }

  get tools(): readonly McpTool[] {
    return this.#tools;
  }

  async callTool({ tool, arguments: given, meta, signal, onProgress }: McpCall): Promise<McpToolResult> {
    const params = {
      name: tool,
      arguments: { ...given },
      ...(meta === undefined ? {} : { _meta: { ...meta } }),
    };
    if (given === undefined) Reflect.deleteProperty(params, 'arguments');
    const result = await this.#ask('tools/call', signal, (client, own) =>
      client.callTool(params, {
        ...NO_TIMEOUT,
        signal: own,
        onprogress: ({ message }) => {
          if (message !== undefined) onProgress?.(message);
        },
      }),
    );
    const { content = [], structuredContent, isError, _meta } = result;
    return {
      content,
      ...(structuredContent !== undefined && { structuredContent }),
      ...(isError !== undefined && { isError }),
      ...(_meta !== undefined && { _meta }),
    };
  }

  async readResource(uri: string): Promise<readonly McpResourceContent[]> {
    const { contents } = await this.#ask('resources/read', undefined, (client, signal) =>
      client.readResource({ uri }, { ...NO_TIMEOUT, signal }),
    );
    return contents;
  }

  async listResources(): Promise<readonly McpResource[]> {
    const { resources } = await this.#ask('resources/list', undefined, (client, signal) =>
      client.listResources(undefined, { ...NO_TIMEOUT, signal }),
    );
    return resources;
  }

  async listResourceTemplates(): Promise<readonly McpResourceTemplate[]> {
    const { resourceTemplates } = await this.#ask('resources/templates/list', undefined, (client, signal) =>
      client.listResourceTemplates(undefined, { ...NO_TIMEOUT, signal }),
    );
    return resourceTemplates;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort(new Error('the server is being closed'));
    await this.#sayFarewell();
    await Promise.allSettled([this.#client?.close(), this.#transport?.close()]);
    await this.started;
  }

  /** A server over HTTP keeps a session until it is told. One that does not answer is left. */
  async #sayFarewell(): Promise<void> {
    const transport = this.#transport;
    if (transport === undefined || !('terminateSession' in transport)) return;
    const { terminateSession } = transport as StreamableHTTPClientTransport;
    const deadline = new ServerDeadline(this.#options.clock, LIMITS.mcpCloseGraceMs, []);
    await Promise.allSettled([deadline.run(() => terminateSession.call(transport))]);
  }

  // ---- The start ------------------------------------------------------------------------------------------------------------

  async #start(): Promise<McpStart> {
    const { startupTimeoutMs, name } = this.#config;
    if (!NAME.test(name)) {
      return {
        type: 'failed',
        message: `Invalid MCP server name '${name}': must match pattern ${NAME.source}`,
      };
    }
    const deadline = new ServerDeadline(this.#options.clock, startupTimeoutMs, [this.#closing.signal]);
    try {
      return await deadline.run(() => this.#handshake(deadline.signal));
    } catch (error) {
      await Promise.allSettled([this.#client?.close(), this.#transport?.close()]);
      if (this.#closing.signal.aborted) return { type: 'cancelled' };
      if (deadline.isOver) return { type: 'timedOut' };
      return { type: 'failed', message: startFailure(error) };
    }
  }

  async #handshake(signal: AbortSignal): Promise<McpStart> {
    const library = await import('@modelcontextprotocol/client');
    const client = new library.Client(
      { name: 'millrace-mcp-client', title: 'Millrace', version: this.#options.version },
      {
        capabilities: { elicitation: { form: {}, url: {} } },
        jsonSchemaValidator: TRUSTING,
        listMaxPages: LIMITS.mcpListPages,
        listChanged: { tools: { onChanged: (_error, tools) => this.#take(tools ?? this.#tools) } },
      },
    );
    client.setRequestHandler('elicitation/create', (request) => this.#elicit(request));
    const { cwd } = this.#host;
    const way = { cwd, library, onTooLarge: () => this.#lost() };
    this.#transport = serverTransport(this.#config, way, this.#options);
    signal.throwIfAborted();
    await client.connect(this.#transport, { ...NO_TIMEOUT, signal });
    this.#client = client;
    client.onclose = () => this.#lost();
    const capabilities = client.getServerCapabilities();
    if (capabilities?.tools !== undefined) {
      this.#take((await client.listTools(undefined, { ...NO_TIMEOUT, signal })).tools);
    }
    const info = client.getServerVersion();
    return {
      type: 'ready',
      info: {
        name: info?.name ?? this.#config.name,
        title: info?.title ?? null,
        version: info?.version ?? '',
        description: info?.description ?? null,
        icons: info?.icons ?? null,
        websiteUrl: info?.websiteUrl ?? null,
      },
      capabilities,
      instructions: client.getInstructions() ?? '',
    };
  }

  #take(tools: readonly McpTool[]): void {
    this.#tools = tools.slice(0, LIMITS.mcpTools);
  }

  #lost(): void {
    if (this.#closing.signal.aborted) return;
    void this.close();
    this.#host.onLost();
  }

  // ---- While it runs --------------------------------------------------------------------------------------------------------

  /** One request. The user's time to answer a question of the server does not count. */
  async #ask<T>(
    what: string,
    signal: AbortSignal | undefined,
    request: (client: Client, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const client = this.#client;
    if (client === undefined) throw new McpError('the MCP server is not running');
    const { toolTimeoutMs } = this.#config;
    const deadline = new ServerDeadline(
      this.#options.clock,
      toolTimeoutMs,
      [this.#closing.signal, ...(signal === undefined ? [] : [signal])],
      () => this.#questions > 0,
    );
    try {
      return await deadline.run(() => request(client, deadline.signal));
    } catch (error) {
      signal?.throwIfAborted();
      if (deadline.isOver) throw new McpError(`timed out awaiting ${what} after ${toolTimeoutMs / 1_000}s`);
      throw toMcpError(error);
    }
  }

  async #elicit({ params }: ElicitRequest): Promise<ElicitResult> {
    this.#questions += 1;
    try {
      return toElicitResult(await this.#host.elicit(toQuestion(params)));
    } finally {
      this.#questions -= 1;
    }
  }
}

/** What a server gives back is passed on as it is: nobody here relies on it, and no schema of a stranger is compiled. */
const TRUSTING: NonNullable<ClientOptions['jsonSchemaValidator']> = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

function toQuestion(params: ElicitRequest['params']): McpQuestion {
  const { message, _meta: meta = null } = params;
  if (params.mode === 'url') {
    return { mode: 'url', message, url: params.url, elicitationId: params.elicitationId, meta };
  }
  return { mode: 'form', message, requestedSchema: params.requestedSchema, meta };
}

function toElicitResult(answer: McpAnswer): ElicitResult {
  if (answer.action !== 'accept') return { action: answer.action };
  return { action: 'accept', content: answer.content as NonNullable<ElicitResult['content']> };
}

function startFailure(error: unknown): string {
  const { message } = toMcpError(error);
  return error instanceof McpError ? message : `handshaking with MCP server failed: ${message}`;
}
