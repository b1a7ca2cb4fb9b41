import { type Server, startRuntime } from '@millrace/runtime';
import { memoryStore } from '@millrace/store';
import { expect, onTestFinished } from 'vitest';
import { CallingModel, type ScriptedCall } from '../runtime/calling-model.js';
import { kindOf, paramsOf, type Reply, TestPeer } from '../runtime/test-peer.js';
import { temporaryDirectory } from '../runtime/test-runtime.js';
import { compileProbe } from './compiled-probe.js';

type Fields = Readonly<Record<string, unknown>>;

/** An entry of a view, by its method. */
export interface Seen {
  readonly kind: string;
  readonly params: Fields;
}

/** The probe as a program of this machine, in the words of `config.toml`. */
export const PROBE = { command: process.execPath, args: [compileProbe()] };
export const FULL = { approvalPolicy: 'never', sandbox: 'danger-full-access' } as const;
export const CAREFUL = { approvalPolicy: 'on-request', sandbox: 'read-only' } as const;

/** A runtime with real processes and real time, MCP servers, and a model that calls what the test says. */
export class McpSession {
  readonly server: Server;
  readonly peer: TestPeer;
  readonly model: CallingModel;
  readonly cwd: string;
  /** Everything that was read so far. */
  readonly seen: Seen[] = [];

  private constructor(server: Server, peer: TestPeer, model: CallingModel, cwd: string) {
    this.server = server;
    this.peer = peer;
    this.model = model;
    this.cwd = cwd;
  }

  /** @param servers The table `mcp_servers`. */
  static async start(
    servers: Fields,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<McpSession> {
    const cwd = await temporaryDirectory();
    const model = new CallingModel();
    const server = await startRuntime({
      home: cwd,
      cwd,
      model,
      store: memoryStore(),
      config: { mcp_servers: servers },
      environment: { PATH: process.env.PATH, HOME: cwd, ...environment },
    });
    onTestFinished(() => server.finishShutdown());
    const peer = await TestPeer.connect(server, { capabilities: { experimentalApi: true } });
    return new McpSession(server, peer, model, cwd);
  }

  /** Begins a thread whose servers have all come to the end of their start. Returns its id. */
  async begin(params: Fields = FULL, servers = 1): Promise<string> {
    const threadId = await this.peer.startThread(params);
    let settled = 0;
    while (settled < servers) {
      const { kind, params: status } = await this.#next();
      if (kind === 'mcpServer/startupStatus/updated' && status.status !== 'starting') settled += 1;
    }
    return threadId;
  }

  /** What the states of servers were told to be, as `name status`. */
  get states(): string[] {
    return this.seen
      .filter(({ kind }) => kind === 'mcpServer/startupStatus/updated')
      .map(({ params }) => `${params.name} ${params.status}`);
  }

  /** Has the model make one call of the probe in a turn of its own; questions are answered with these messages, in order. */
  async call(
    threadId: string,
    call: string | ScriptedCall,
    ...answers: readonly Fields[]
  ): Promise<CallOutcome> {
    this.model.push(typeof call === 'string' ? { name: call, namespace: 'mcp__probe' } : call);
    await this.peer.startTurn(threadId, 'go');
    return this.readTurn(answers);
  }

  /** Reads to the end of the turn. */
  async readTurn(answers: readonly Fields[] = []): Promise<CallOutcome> {
    const pending = [...answers];
    const seen: Seen[] = [];
    for (;;) {
      const entry = await this.#next();
      seen.push(entry);
      if (entry.kind === 'mcpServer/elicitation/request' && pending.length > 0)
        this.peer.send({ id: entry.id, ...pending.shift() } as never);
      if (entry.kind === 'turn/completed') break;
    }
    const items = seen
      .filter(({ kind }) => kind === 'item/completed')
      .map(({ params }) => params.item as Fields);
    return {
      seen,
      item: items.find(({ type }) => type === 'mcpToolCall'),
      told: this.model.outputs.at(-1),
      questions: seen
        .filter(({ kind }) => kind === 'mcpServer/elicitation/request')
        .map(({ params }) => params),
    };
  }

  /** Reads up to the first entry of that kind. */
  async readTo(kind: string): Promise<Seen> {
    for (;;) {
      const entry = await this.#next();
      if (entry.kind === kind) return entry;
    }
  }

  ask(method: string, params: Fields | null = {}): Promise<Reply> {
    return this.peer.ask(method, params);
  }

  async #next(): Promise<Seen & { readonly id: unknown }> {
    const entry = await this.peer.view.receive();
    if (entry === undefined) throw new Error('the view has ended');
    const seen = { kind: kindOf(entry), params: paramsOf(entry), id: 'id' in entry ? entry.id : undefined };
    this.seen.push(seen);
    return seen;
  }
}

export interface CallOutcome {
  readonly seen: readonly Seen[];
  /** The item of the call as it was completed. */
  readonly item: Fields | undefined;
  /** What the model was told. */
  readonly told: unknown;
  readonly questions: readonly Fields[];
}

/** The answer to a question, as a message. */
export function answer(action: string, more: Fields = {}): Fields {
  return { type: 'result', result: { action, ...more } };
}

/** What the model is told first of every call. */
export const WALL_TIME = {
  type: 'input_text',
  text: expect.stringMatching(/^Wall time: \d+\.\d{4} seconds\nOutput:$/),
};

export function text(value: string): Fields {
  return { type: 'input_text', text: value };
}
