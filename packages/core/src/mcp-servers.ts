import { sleep } from '@millrace/channel';
import { LIMITS, McpServerElicitationRequestResponse } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import { Interruptible } from './interruptible.js';
import type { McpAnswer, McpQuestion, McpServerConfig } from './mcp-launcher.js';
import { McpServer } from './mcp-server.js';
import type { QuestionOutcome } from './ports.js';
import type { Settings } from './settings.js';
import type { ThreadStatusTracker } from './thread-status.js';
import { mcpTools } from './tools/mcp-tools.js';
import type { Tool, ToolSource } from './tools/tool.js';

/** What the servers of a thread know of it. */
export interface McpThread {
  readonly ports: AgentPorts;
  readonly threadId: string;
  readonly settings: Settings;
  readonly status: ThreadStatusTracker;
  readonly turns: {
    readonly active: { readonly turnId: string; readonly signal: AbortSignal } | undefined;
  };
}

/** The servers that the configuration names now; undefined where it cannot be understood. */
export type McpConfiguration = () => readonly McpServerConfig[] | undefined;

/** The MCP servers of one thread: started with it, ended with it, and a source of tools. */
export class McpServers implements ToolSource {
  readonly #thread: McpThread;
  readonly configuration: McpConfiguration;
  readonly #life = new AbortController();
  /** Tools that the user lets run without asking for the rest of the thread. */
  readonly #granted = new Set<string>();
  #servers: readonly McpServer[];
  #isAnnounced = false;

  constructor(thread: McpThread, configuration: McpConfiguration) {
    this.#thread = thread;
    this.configuration = configuration;
    this.#servers = (configuration() ?? []).map((config) => this.#server(config));
  }

  /** Aborted when the thread goes. */
  get life(): AbortSignal {
    return this.#life.signal;
  }

  /** By name. */
  get all(): readonly McpServer[] {
    return this.#servers;
  }

  find(name: string): McpServer | undefined {
    return this.#servers.find((server) => server.name === name);
  }

  tools(): readonly Tool[] {
    return mcpTools(this.#servers, this.#granted);
  }

  /** Whether there are servers without which the thread must not begin. */
  get areRequired(): boolean {
    return this.#servers.some(({ config }) => config.isRequired && config.isEnabled);
  }

  /** Starts the servers without which the thread must not begin. Returns those that did not start, each with the reason. */
  async startRequired(): Promise<readonly string[]> {
    const required = this.#servers.filter(({ config }) => config.isRequired && config.isEnabled);
    await Promise.all(required.map((server) => server.launch()));
    return required
      .filter(({ status }) => status !== 'connected')
      .map((server) => `${server.name}: ${server.reason.replace(/^MCP startup failed: /, '')}`);
  }

  /** Starts every server, and tells clients how each stands from now on. Does not wait. */
  start(): void {
    this.#isAnnounced = true;
    for (const server of this.#servers) {
      if (server.startup === undefined) void server.launch();
      else this.#announce(server);
    }
  }

  /**
   * Waits until no server is starting any more, but not for long: a slow one offers its tools later. Rejects with the reason when
   * aborted.
   */
  async settled(signal: AbortSignal): Promise<void> {
    const starting = this.#servers.filter(({ status }) => status === 'starting');
    if (starting.length === 0) return;
    const { clock } = this.#thread.ports;
    const interruptible = new Interruptible(signal);
    const patience = new AbortController();
    const waited = sleep(clock, LIMITS.mcpTurnGraceMs, patience.signal).catch(() => undefined);
    const launched = Promise.all(starting.map((server) => server.launch()));
    try {
      await interruptible.wait(Promise.race([launched, waited]));
    } finally {
      interruptible.release();
      patience.abort();
    }
  }

  /** Takes the configuration as it is now: what changed is started again, what is gone is ended, the rest stays. */
  async reload(): Promise<void> {
    const configs = this.configuration();
    if (configs === undefined || this.#life.signal.aborted) return;
    const before = this.#servers;
    this.#servers = configs.map((config) => {
      const known = before.find(({ name }) => name === config.name);
      const isSame = known !== undefined && isSameConfig(known.config, config) && known.status !== 'failed';
      return isSame ? known : this.#server(config);
    });
    this.start();
    const gone = before.filter((server) => !this.#servers.includes(server));
    await Promise.all(gone.map((server) => server.close()));
  }

  /** Ends every server. Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#life.abort(new Error('the thread is shutting down'));
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  #server(config: McpServerConfig): McpServer {
    const { ports, settings } = this.#thread;
    const elicit = (question: McpQuestion): Promise<McpAnswer> => this.#elicit(config.name, question);
    return new McpServer({
      config,
      launcher: ports.mcp,
      host: { cwd: settings.cwd, elicit },
      onStatus: (server) => this.#announce(server),
    });
  }

  #announce(server: McpServer): void {
    const { ports, threadId } = this.#thread;
    const { name, startup: status, failure: error } = server;
    if (status === undefined || !this.#isAnnounced || !this.#servers.includes(server)) return;
    ports.events.emit(threadId, 'mcpServer/startupStatus/updated', {
      threadId,
      name,
      status,
      error,
      failureReason: null,
    });
  }

  /** A server asks the user. Nobody is asked where the policy says so; a turn that ends takes its questions back. */
  async #elicit(serverName: string, question: McpQuestion): Promise<McpAnswer> {
    const { ports, threadId, settings, status, turns } = this.#thread;
    if (!mayAsk(settings.approvalPolicy)) return { action: 'decline' };
    const turn = turns.active;
    const signal = turn?.signal ?? this.#life.signal;
    const stopWaiting = status.wait('waitingOnApproval');
    const { meta, ...asked } = question;
    const params = { threadId, turnId: turn?.turnId ?? null, serverName, _meta: meta ?? null, ...asked };
    const outcome = await ports.questions.ask(threadId, 'mcpServer/elicitation/request', params, signal);
    stopWaiting();
    return answerOf(outcome);
  }
}

function mayAsk(policy: Settings['approvalPolicy']): boolean {
  return typeof policy === 'string' ? policy !== 'never' : policy.granular.mcp_elicitations;
}

/** Only what can be read as a yes is one. */
function answerOf(outcome: QuestionOutcome): McpAnswer {
  if (outcome.type === 'cancelled' || outcome.type === 'shutdown') return { action: 'cancel' };
  const answer =
    outcome.type === 'answered'
      ? McpServerElicitationRequestResponse.safeParse(outcome.result).data
      : undefined;
  if (answer?.action !== 'accept') return { action: answer?.action ?? 'decline' };
  const { content } = answer;
  const isRecord = typeof content === 'object' && content !== null && !Array.isArray(content);
  return { action: 'accept', content: isRecord ? (content as Record<string, unknown>) : {} };
}

function isSameConfig(a: McpServerConfig, b: McpServerConfig): boolean {
  return JSON.stringify(a, withMaps) === JSON.stringify(b, withMaps);
}

function withMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}
