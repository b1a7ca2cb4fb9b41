import { createDeferred, type Deferred, Lagged, Resynced } from '@millrace/channel';
import type { ClientCapabilities, RequestId, RpcErrorObject } from '@millrace/protocol';
import type { InProcessConnection, Server, ViewEntry } from '@millrace/runtime';

/** One answer to a request, as the server gave it. */
export type Reply =
  | { readonly id: RequestId; readonly result: unknown }
  | { readonly id: RequestId; readonly error: RpcErrorObject };

export interface PeerOptions {
  readonly channelCapacity?: number;
  readonly slowConsumerGraceMs?: number;
  readonly capabilities?: ClientCapabilities;
  /** Called with each reply at the moment at which it comes. */
  readonly onReply?: (reply: Reply) => void;
}

type Message = Parameters<InProcessConnection['requests']['trySend']>[0];

/**
 * A client without any manners: it chooses its own ids, says what it likes, and sees every reply. What the public client would
 * never do is tried with this one.
 */
export class TestPeer {
  /** Every reply, in the order in which they came. */
  readonly replies: Reply[] = [];
  readonly #attached: InProcessConnection;
  readonly #waiting = new Map<RequestId, Deferred<Reply>>();
  readonly #onReply: ((reply: Reply) => void) | undefined;
  #nextId = 1;

  constructor(
    server: Server,
    { channelCapacity = 128, slowConsumerGraceMs = 2_000, onReply }: PeerOptions = {},
  ) {
    this.#onReply = onReply;
    const attached = server.attach(
      { result: (id, result) => this.#take({ id, result }), error: (id, error) => this.#take({ id, error }) },
      { channelCapacity, slowConsumerGraceMs },
    );
    if (typeof attached === 'string') throw new Error(`the server is ${attached}`);
    this.#attached = attached;
  }

  /** Attaches and does the handshake. */
  static async connect(server: Server, options: PeerOptions = {}): Promise<TestPeer> {
    const peer = new TestPeer(server, options);
    const { capabilities } = options;
    await peer.request('initialize', {
      clientInfo: { name: 'test', version: '1' },
      ...(capabilities === undefined ? {} : { capabilities }),
    });
    return peer;
  }

  get view(): InProcessConnection['view'] {
    return this.#attached.view;
  }

  get connection(): InProcessConnection['connection'] {
    return this.#attached.connection;
  }

  /** Puts a message into the request queue as it is. */
  send(message: Message): 'sent' | 'full' | 'closed' {
    return this.#attached.requests.trySend(message);
  }

  /** Sends a request under an id of the test's choice, or the next free one, and waits for its reply. */
  ask(method: string, params: unknown = {}, id: RequestId = this.#nextId++): Promise<Reply> {
    const waiting = createDeferred<Reply>();
    this.#waiting.set(id, waiting);
    const sent = this.send({ type: 'request', id, method, params });
    if (sent !== 'sent') waiting.reject(new Error(`${method} was not sent: ${sent}`));
    return waiting.promise;
  }

  /** Like {@link ask}; rejects with the error's message where the request was refused. */
  async request<R = unknown>(method: string, params: unknown = {}): Promise<R> {
    const reply = await this.ask(method, params);
    if ('error' in reply) throw new Error(`${method}: ${reply.error.code} ${reply.error.message}`);
    return reply.result as R;
  }

  /** Begins a thread and returns its id. */
  async startThread(params: unknown = {}): Promise<string> {
    const { thread } = await this.request<{ readonly thread: { readonly id: string } }>(
      'thread/start',
      params,
    );
    return thread.id;
  }

  /** Starts a turn and returns its id. */
  async startTurn(threadId: string, text: string): Promise<string> {
    const params = { threadId, input: [{ type: 'text', text }] };
    const { turn } = await this.request<{ readonly turn: { readonly id: string } }>('turn/start', params);
    return turn.id;
  }

  /** Everything that can be read now. */
  drain(): ViewEntry[] {
    const entries: ViewEntry[] = [];
    for (let entry = this.view.tryReceive(); entry !== undefined; entry = this.view.tryReceive())
      entries.push(entry);
    return entries;
  }

  /** Reads up to and including the first entry of that kind: a method, `lagged` or `resynced`. */
  async readTo(kind: string): Promise<ViewEntry[]> {
    const entries: ViewEntry[] = [];
    for (;;) {
      const entry = await this.view.receive();
      if (entry === undefined)
        throw new Error(`the view ended before ${kind}; it had ${entries.map(kindOf).join(', ')}`);
      entries.push(entry);
      if (kindOf(entry) === kind) return entries;
    }
  }

  leave(): void {
    this.#attached.close();
  }

  #take(reply: Reply): void {
    this.replies.push(reply);
    this.#onReply?.(reply);
    this.#waiting.get(reply.id)?.resolve(reply);
    this.#waiting.delete(reply.id);
  }
}

/** The method of an event, or what kind of marker an entry is. */
export function kindOf(entry: ViewEntry): string {
  if (entry instanceof Lagged) return 'lagged';
  if (entry instanceof Resynced) return 'resynced';
  return 'method' in entry ? entry.method : entry.type;
}

/** The params of an event; an empty object for markers. */
export function paramsOf(entry: ViewEntry | undefined): Readonly<Record<string, unknown>> {
  return entry !== undefined && 'params' in entry ? (entry.params as Readonly<Record<string, unknown>>) : {};
}
