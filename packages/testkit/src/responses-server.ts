import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An event of the Responses API: its `type` and whatever belongs to it. */
export type WireEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** How a stream ends after its last event: properly, by a destroyed socket, or not before the client leaves. */
export type StreamEnd = 'close' | 'cut' | 'hang';

/** What the server answers one request with. */
export type ResponsesReply =
  /** A stream of these events. A promise holds it until it is settled. */
  | { readonly events: readonly (WireEvent | Promise<unknown>)[]; readonly end?: StreamEnd }
  /** A stream of these bytes as they stand, one write each. */
  | { readonly chunks: readonly (string | Uint8Array | Promise<unknown>)[]; readonly end?: StreamEnd }
  /** No stream but a status; a body that is no string is sent as JSON. */
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** The socket is destroyed before any answer, or nothing is answered until the client leaves. */
  | { readonly refuse: 'cut' | 'hang' };

/** What decides the answer when the request is there. */
export type ResponsesReplier = (request: RecordedRequest) => ResponsesReply;

/** A request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** With the parameters. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The JSON of the body. */
  readonly body: unknown;
}

/** Requests that are kept; the tests make a few dozen. */
const REQUESTS_MAX = 10_000;

/** Bytes of a request that are read. */
const BODY_BYTES_MAX = 64 * 1_024 * 1_024;

/**
 * An OpenAI Responses API on 127.0.0.1, over real HTTP, that answers what the test says.
 *
 * Each `POST /v1/responses` gets the next scripted reply, and the last one again when there are no more; a function as a reply is
 * asked each time. It never waits by time: a reply that has to wait is given a promise.
 */
export class ResponsesServer {
  readonly #server: Server;
  readonly #requests: RecordedRequest[] = [];
  readonly #replies: (ResponsesReply | ResponsesReplier)[] = [];
  readonly #leaveListeners = new Set<() => void>();
  #lastReply: ResponsesReply | ResponsesReplier = {
    status: 501,
    body: { error: { message: 'the test scripted no reply' } },
  };
  #openResponses = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a free port. */
  static async start(...replies: readonly (ResponsesReply | ResponsesReplier)[]): Promise<ResponsesServer> {
    const server = new ResponsesServer();
    server.reply(...replies);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** What a provider is configured with. Valid while the server runs. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** The requests so far, in the order in which their bodies were complete. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  /** Answers that are not finished, by the end of the body or of the socket. */
  get openResponses(): number {
    return this.#openResponses;
  }

  /** Adds replies behind those that wait. */
  reply(...replies: readonly (ResponsesReply | ResponsesReplier)[]): void {
    this.#replies.push(...replies);
  }

  /** Resolves as soon as no answer is open. */
  async idle(): Promise<void> {
    while (this.#openResponses > 0) {
      await new Promise<void>((resolve) => {
        this.#leaveListeners.add(resolve);
      });
    }
  }

  /** Cuts every connection and stops listening: from now on connections are refused. Idempotent. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#openResponses += 1;
    const left = new Promise<void>((resolve) => {
      response.once('close', resolve);
    });
    response.once('close', () => {
      this.#openResponses -= 1;
      for (const listener of this.#leaveListeners) listener();
      this.#leaveListeners.clear();
    });
    const body = await readBody(request);
    const path = request.url ?? '';
    if (request.method !== 'POST' || !/^\/v1\/responses(?:\?|$)/.test(path)) {
      send(response, { status: 404, body: { error: { message: `no ${request.method} ${path} here` } } });
      return;
    }
    if (this.#requests.length === REQUESTS_MAX) throw new Error('too many requests for one test');
    const recorded = { method: request.method, path, headers: request.headers, body };
    this.#requests.push(recorded);
    this.#lastReply = this.#replies.shift() ?? this.#lastReply;
    const reply = typeof this.#lastReply === 'function' ? this.#lastReply(recorded) : this.#lastReply;
    await sendReply(response, reply, left);
  }
}

/** Events of the Responses API, in the order in which a server sends them. */
export const wire = {
  created: (id = 'resp_1'): WireEvent => ({ type: 'response.created', response: { id } }),

  /** The end of a response; without usage when it is null. */
  completed: (id = 'resp_1', usage: Readonly<Record<string, unknown>> | null = WIRE_USAGE): WireEvent => ({
    type: 'response.completed',
    response: { id, ...(usage !== null && { usage }) },
  }),

  failed: (code: string, message: string): WireEvent => ({
    type: 'response.failed',
    response: { id: 'resp_1', status: 'failed', error: { code, message } },
  }),

  /** An assistant message, one delta for each text. */
  message: (deltas: readonly string[], id = 'msg_1'): readonly WireEvent[] => [
    itemAdded({ type: 'message', role: 'assistant', id, content: [] }),
    ...deltas.map((delta) => ({ type: 'response.output_text.delta', item_id: id, output_index: 0, delta })),
    itemDone({
      type: 'message',
      role: 'assistant',
      id,
      content: [{ type: 'output_text', text: deltas.join('') }],
    }),
  ],

  /** A reasoning item with one summary part. */
  reasoning: (summary: string, id = 'rs_1'): readonly WireEvent[] => [
    itemAdded({ type: 'reasoning', id, summary: [] }),
    { type: 'response.reasoning_summary_part.added', item_id: id, summary_index: 0 },
    { type: 'response.reasoning_summary_text.delta', item_id: id, summary_index: 0, delta: summary },
    itemDone({
      type: 'reasoning',
      id,
      summary: [{ type: 'summary_text', text: summary }],
      encrypted_content: 'ENC',
    }),
  ],

  /** A call of a function tool. A string is sent as the arguments' text, so that it can be invalid JSON. */
  /** A search that the provider made; it says what it did only in the end. */
  webSearch: (action: unknown, id = 'ws_1'): readonly WireEvent[] => {
    const item = { type: 'web_search_call', id };
    return [
      itemAdded({ ...item, status: 'in_progress' }),
      { type: 'response.web_search_call.searching', item_id: id },
      itemDone({ ...item, status: 'completed', action }),
    ];
  },
  functionCall: (name: string, parameters: unknown, callId = 'call_1'): readonly WireEvent[] => {
    const item = { type: 'function_call', id: `fc_${callId}`, call_id: callId, name };
    const text = typeof parameters === 'string' ? parameters : JSON.stringify(parameters);
    return [itemAdded({ ...item, arguments: '' }), itemDone({ ...item, arguments: text })];
  },

  /** A call of a custom tool, its input in one delta. */
  customToolCall: (name: string, input: string, callId = 'call_1'): readonly WireEvent[] => {
    const item = { type: 'custom_tool_call', id: `ctc_${callId}`, call_id: callId, name };
    return [
      itemAdded({ ...item, input: '' }),
      { type: 'response.custom_tool_call_input.delta', item_id: item.id, output_index: 0, delta: input },
      itemDone({ ...item, input }),
    ];
  },

  /** A whole response made of such parts. */
  response: (...parts: readonly (readonly WireEvent[])[]): ResponsesReply => ({
    events: [wire.created(), ...parts.flat(), wire.completed()],
  }),

  /** One event as it stands in the stream. */
  frame: (event: WireEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
} as const;

/** The usage of a completed response: 100 tokens in, 40 of them cached, 20 out, 5 of them reasoning. */
const WIRE_USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 120,
};

function itemAdded(item: Readonly<Record<string, unknown>>): WireEvent {
  return { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress' } };
}

function itemDone(item: Readonly<Record<string, unknown>>): WireEvent {
  return { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed' } };
}

async function sendReply(
  response: ServerResponse,
  reply: ResponsesReply,
  left: Promise<void>,
): Promise<void> {
  if ('status' in reply) return send(response, reply);
  if ('refuse' in reply) return reply.refuse === 'cut' ? void response.destroy() : left;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  for (const part of 'events' in reply ? reply.events : reply.chunks) {
    if (part instanceof Promise) await Promise.race([part, left]);
    else
      await write(
        response,
        typeof part === 'string' || part instanceof Uint8Array ? part : wire.frame(part),
        left,
      );
    if (response.destroyed) return;
  }
  if (reply.end === 'hang') return left;
  if (reply.end === 'cut') response.destroy();
  else response.end();
}

function send(response: ServerResponse, reply: Extract<ResponsesReply, { readonly status: number }>): void {
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
}

/** Resolves when the bytes were handed to the socket, so that what follows is a chunk of its own. */
function write(response: ServerResponse, bytes: string | Uint8Array, left: Promise<void>): Promise<void> {
  const written = new Promise<void>((resolve) => {
    response.write(bytes, () => resolve());
  });
  return Promise.race([written, left]);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new Error('the request is too large');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}
