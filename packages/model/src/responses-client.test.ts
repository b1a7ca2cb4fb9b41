import { getEventListeners } from 'node:events';
import { type Clock, systemClock } from '@millrace/channel';
import { ModelError, type ModelEvent, type ModelRequest } from '@millrace/core/ports';
import { type CodexErrorInfo, LIMITS } from '@millrace/protocol';
import { type ResponsesReply, ResponsesServer, wire } from '@millrace/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { responsesClient } from './responses-client.js';
import type { ResponsesProvider } from './responses-provider.js';

const KEY = 'sk-secret-0123456789';
const NEVER_MS = 300_000;

/** Pauses are over at once and remembered; idle limits are held until the test fires them. */
class HastyClock implements Clock {
  readonly pausesMs: number[] = [];
  readonly #held = new Set<() => void>();

  now = (): number => systemClock.now();
  monotonic = (): number => 0;

  schedule(delayMs: number, callback: () => void): () => void {
    if (delayMs >= NEVER_MS) {
      this.#held.add(callback);
      return () => this.#held.delete(callback);
    }
    this.pausesMs.push(delayMs);
    return systemClock.schedule(0, callback);
  }

  get held(): number {
    return this.#held.size;
  }

  fireHeld(): void {
    for (const callback of this.#held) callback();
    this.#held.clear();
  }
}

let server: ResponsesServer | undefined;
afterEach(() => server?.close());

const REQUEST: ModelRequest = {
  threadId: 'thread-1',
  turnId: 'turn-1',
  model: 'model-1',
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
  tools: [],
  effort: null,
  summary: null,
  outputSchema: null,
};

interface Setup {
  readonly provider?: Partial<ResponsesProvider>;
  readonly replies: readonly ResponsesReply[];
}

async function setUp({ provider, replies }: Setup) {
  server = await ResponsesServer.start(...replies);
  const clock = new HastyClock();
  const client = responsesClient({
    provider: {
      id: 'mock',
      name: 'Mock',
      baseUrl: server.baseUrl,
      apiKey: KEY,
      requestMaxRetries: 0,
      ...provider,
    },
    clock,
    random: () => 0.5,
    userAgent: 'millrace/test',
  });
  const controller = new AbortController();
  const open = (request = REQUEST) => client.stream(request, controller.signal)[Symbol.asyncIterator]();
  return { server, clock, client, controller, open };
}

async function collect(batches: AsyncIterator<readonly ModelEvent[]>) {
  const events: ModelEvent[] = [];
  try {
    for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
      expect(next.value.length).toBeGreaterThan(0);
      events.push(...next.value);
    }
    return { events, error: undefined };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { events, error };
  }
}

const failure = (code: number, fields: Readonly<Record<string, unknown>> = {}): ResponsesReply => ({
  status: code,
  body: { error: { message: 'mock failure', type: 'mock_type', code: 'mock_code', ...fields } },
});

describe('a request to the Responses API', () => {
  it('is sent as the API wants it, with the key and the ids in the headers', async () => {
    const { open, server: api } = await setUp({
      replies: [wire.response()],
      provider: { queryParams: { v: '1' }, httpHeaders: { 'X-Extra': 'yes' } },
    });
    const tools = [
      { type: 'function', name: 'f', description: 'F', parameters: { type: 'object' } },
      { type: 'custom', name: 'c', description: 'C', grammar: 'start: "x"' },
      { type: 'custom', name: 'd', description: 'D', grammar: null },
    ] as const;
    const outputSchema = { type: 'object' };
    await collect(open({ ...REQUEST, tools, effort: 'low', summary: 'auto', outputSchema }));
    const [request] = api.requests;
    expect(request?.path).toBe('/v1/responses?v=1');
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'user-agent': 'millrace/test',
      originator: 'millrace',
      'session-id': 'thread-1',
      'thread-id': 'thread-1',
      'x-extra': 'yes',
    });
    expect(request?.body).toEqual({
      model: 'model-1',
      input: REQUEST.input,
      tools: [
        { type: 'function', name: 'f', description: 'F', strict: false, parameters: { type: 'object' } },
        {
          type: 'custom',
          name: 'c',
          description: 'C',
          format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
        },
        { type: 'custom', name: 'd', description: 'D', format: { type: 'text' } },
      ],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      reasoning: { effort: 'low', summary: 'auto' },
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'thread-1',
      text: { format: { type: 'json_schema', name: 'final_message', strict: true, schema: outputSchema } },
    });
  });

  it('leaves out what was not asked for', async () => {
    const { open, server: api } = await setUp({ replies: [wire.response()], provider: { apiKey: ' ' } });
    await collect(open({ ...REQUEST, summary: 'none' }));
    expect(api.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(Object.keys(api.requests[0]?.body ?? {})).not.toEqual(expect.arrayContaining(['reasoning']));
    expect(Object.keys(api.requests[0]?.body ?? {})).not.toEqual(expect.arrayContaining(['text']));
  });
});

describe('a stream', () => {
  const RESPONSE = wire.response(wire.message(['Hel', 'lo €😀.']));
  const text = (events: readonly ModelEvent[]): string =>
    events.flatMap((event) => (event.type === 'textDelta' ? [event.delta] : [])).join('');

  it('is given out as events up to the completed one', async () => {
    const { open } = await setUp({ replies: [RESPONSE] });
    const { events } = await collect(open());
    expect(events.map((event) => event.type)).toEqual([
      'itemStarted',
      'textDelta',
      'textDelta',
      'itemCompleted',
      'completed',
    ]);
    expect(text(events)).toBe('Hello €😀.');
    expect(events.at(-1)).toMatchObject({
      responseId: 'resp_1',
      usage: { totalTokens: 120, cachedInputTokens: 40 },
    });
  });

  it('is read the same when the network cuts it anywhere and its lines end in CRLF', async () => {
    const events = [wire.created(), ...wire.message(['Hel', 'lo €😀.']), wire.completed()];
    const bytes = new TextEncoder().encode(events.map(wire.frame).join('').replaceAll('\n', '\r\n'));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) =>
      bytes.subarray(at * 7, at * 7 + 7),
    );
    const { open, client } = await setUp({ replies: [RESPONSE, { chunks }] });
    expect(client.models).toEqual([]);
    expect(await collect(open())).toEqual(await collect(open()));
  });

  it('skips events that it does not know and data that is not JSON, and may have no usage', async () => {
    const frames = [
      wire.created(),
      { type: 'response.unknown_event', foo: 1 },
      wire.completed('resp_2', null),
    ];
    const { open } = await setUp({
      replies: [{ chunks: ['data: {not json\n\n', ...frames.map(wire.frame)] }],
    });
    expect(await collect(open())).toEqual({
      events: [{ type: 'completed', responseId: 'resp_2', usage: null }],
      error: undefined,
    });
  });

  it('ends with the completed event even when the server does not close it, and leaves nothing open', async () => {
    const reply = { events: [wire.created(), wire.completed()], end: 'hang' } as const;
    const { open, server: api, clock, controller } = await setUp({ replies: [reply] });
    expect((await collect(open())).events).toHaveLength(1);
    await api.idle();
    expect(clock.held).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('is closed when the consumer leaves early', async () => {
    const events = [wire.created(), ...wire.message(['a'])];
    const { open, server: api } = await setUp({ replies: [{ events, end: 'hang' }] });
    const batches = open();
    await batches.next();
    await batches.return?.();
    await api.idle();
    expect(api.openResponses).toBe(0);
  });

  it('rejects with the reason of the signal, at once, wherever it waits', async () => {
    const started = { events: [wire.created(), ...wire.message(['a'])], end: 'hang' } as const;
    const reason = new Error('interrupted');
    for (const reply of [started, { refuse: 'hang' } as const]) {
      const { open, server: api, controller, clock } = await setUp({ replies: [reply] });
      const batches = open();
      if (reply === started) await batches.next();
      const next = batches.next();
      controller.abort(reason);
      await expect(next).rejects.toBe(reason);
      await api.idle();
      expect(clock.held).toBe(0);
      await expect(open().next()).rejects.toBe(reason);
      await api.close();
    }
  });
});

describe('a failed response', () => {
  const URL_PART = '/v1/responses';
  const high = 'We’re currently experiencing high demand, which may cause temporary errors.';
  const busy = 'Selected model is at capacity. Please try a different model.';
  const quota = 'Quota exceeded. Check your plan and billing details.';
  const context =
    "Codex ran out of room in the model's context window. Start a new thread or clear earlier history before retrying.";
  const http = (httpStatusCode: number): CodexErrorInfo => ({ httpConnectionFailed: { httpStatusCode } });
  const tooMany: CodexErrorInfo = { responseTooManyFailedAttempts: { httpStatusCode: 429 } };
  const partial = [wire.created(), ...wire.message(['part', 'ial']).slice(0, 3)];
  const failed = (code: string, message: string): ResponsesReply => ({
    events: [wire.created(), wire.failed(code, message)],
  });
  const body400 = '{"error":{"message":"Bad thing","code":"mock_code"}}';

  it.each<[string, ResponsesReply, string, CodexErrorInfo, boolean]>([
    ['500', failure(500), high, 'internalServerError', true],
    ['400', { status: 400, body: body400 }, body400, 'other', false],
    ['401', failure(401), `unexpected status 401 Unauthorized: mock failure, url: URL`, http(401), false],
    ['403', failure(403), `unexpected status 403 Forbidden: mock failure, url: URL`, http(403), false],
    ['404', failure(404), `unexpected status 404 Not Found: mock failure, url: URL`, http(404), false],
    ['404 model', failure(404, { code: 'model_not_found' }), 'mock failure', 'modelNotFound', false],
    ['429', failure(429), 'exceeded retry limit, last status: 429 Too Many Requests', tooMany, false],
    [
      '429 usage limit',
      failure(429, { type: 'usage_limit_reached' }),
      'You’ve hit your usage limit. Try again later.',
      'usageLimitExceeded',
      false,
    ],
    ['429 quota', failure(429, { code: 'insufficient_quota' }), quota, 'usageLimitExceeded', false],
    [
      '502',
      { status: 502, body: 'bad' },
      'unexpected status 502 Bad Gateway: bad, url: URL',
      http(502),
      true,
    ],
    ['503 overloaded', failure(503, { code: 'server_is_overloaded' }), busy, 'serverOverloaded', false],
    ['context', failed('context_length_exceeded', 'x'), context, 'contextWindowExceeded', false],
    ['quota', failed('insufficient_quota', 'x'), quota, 'usageLimitExceeded', false],
    [
      'invalid prompt',
      failed('invalid_prompt', 'Invalid prompt: nope'),
      'Invalid prompt: nope',
      'other',
      false,
    ],
    [
      'server error',
      failed('server_error', 'The server had an error'),
      'stream disconnected before completion: The server had an error',
      'other',
      true,
    ],
    [
      'rate limit',
      failed('rate_limit_exceeded', 'Rate limit reached. Please try again in 1.5s.'),
      'rate limit exceeded: Rate limit reached. Please try again in 1.5s.',
      'rateLimitExceeded',
      true,
    ],
    [
      'bare error event',
      { events: [{ type: 'error', code: 'server_error', message: 'Oops' }] },
      'stream disconnected before completion: Oops',
      'other',
      true,
    ],
    [
      'incomplete',
      {
        events: [
          { type: 'response.incomplete', response: { incomplete_details: { reason: 'max_output_tokens' } } },
        ],
      },
      'Incomplete response returned, reason: max_output_tokens',
      'other',
      false,
    ],
    [
      'cut stream',
      { events: partial, end: 'cut' },
      'stream disconnected before completion: Transport error: network error: error decoding response body',
      'other',
      true,
    ],
    [
      'closed stream',
      { events: partial },
      'stream disconnected before completion: stream closed before response.completed',
      'other',
      true,
    ],
    [
      'garbage',
      { chunks: ['event: response.created\ndata: {not json\n\n'] },
      'stream disconnected before completion: stream closed before response.completed',
      'other',
      true,
    ],
  ])('is told in the words of the reference: %s', async (_, reply, message, info, retryable) => {
    const { open, server: api } = await setUp({ replies: [reply] });
    const { error } = await collect(open());
    expect(error?.message).toBe(message.replace('URL', api.baseUrl.replace('/v1', URL_PART)));
    expect([error?.info, error?.retryable, error?.isUnreachable]).toEqual([info, retryable, false]);
    expect(api.requests).toHaveLength(1);
    await api.idle();
  });

  it('comes after the events that came before it', async () => {
    const events = [wire.created(), ...wire.message(['done']), wire.failed('server_error', 'x')];
    const { open } = await setUp({ replies: [{ events }] });
    const outcome = await collect(open());
    expect(outcome.events.map((event) => event.type)).toEqual(['itemStarted', 'textDelta', 'itemCompleted']);
    expect(outcome.error?.retryable).toBe(true);
  });

  it('is an idle timeout when the server is silent in a stream, or before it', async () => {
    const message = 'stream disconnected before completion: idle timeout waiting for SSE';
    const started = { events: partial, end: 'hang' } as const;
    for (const reply of [started, { refuse: 'hang' } as const]) {
      const {
        open,
        clock,
        server: api,
      } = await setUp({ replies: [reply], provider: { requestMaxRetries: 3 } });
      const batches = open();
      if (reply === started) await batches.next();
      const rest = collect(batches);
      while (clock.held === 0 || api.requests.length === 0)
        await new Promise((resolve) => setImmediate(resolve));
      clock.fireHeld();
      expect((await rest).error).toMatchObject({ message, info: 'other', retryable: true });
      await api.idle();
      expect(api.requests).toHaveLength(1);
      await api.close();
    }
  });

  it('says how long a rate limit wants to be left alone', async () => {
    for (const [wait, retryAfterMs] of [
      ['1.5s', 1_500],
      ['20ms', 20],
      ['9999s', LIMITS.retryAfterMaxMs],
      ['soon', null],
    ] as const) {
      const { open, server: api } = await setUp({
        replies: [failed('rate_limit_exceeded', `try again in ${wait}`)],
      });
      expect((await collect(open())).error?.retryAfterMs).toBe(retryAfterMs);
      await api.close();
    }
  });

  it('is no response at all when nobody listens: the turn waits for the network', async () => {
    const { open, server: api } = await setUp({ replies: [] });
    await api.close();
    expect((await collect(open())).error).toMatchObject({
      message: 'Connection failed: error sending request',
      info: { httpConnectionFailed: { httpStatusCode: null } },
      retryable: true,
      isUnreachable: true,
    });
  });

  it('reads so much of the body of an error and no more', async () => {
    const { open } = await setUp({ replies: [{ status: 400, body: 'x'.repeat(1_000_000) }] });
    expect((await collect(open())).error?.message).toBe(`${'x'.repeat(4_096)}…`);
  });

  it('holds no secret, whatever the server repeats', async () => {
    const secrets = `${KEY} hidden-cookie-1 hidden-param-2`;
    const provider = {
      httpHeaders: { Cookie: 'hidden-cookie-1', 'X-Plain': 'plain-value' },
      queryParams: { api_key: 'hidden-param-2' },
    };
    const echo = { error: { message: `bad ${secrets} plain-value`, code: 'x' } };
    const replies = [
      ...[400, 401, 404, 429, 502].map((status) => ({ status, body: echo })),
      failed('server_error', `bad ${secrets} plain-value`),
      { events: [{ type: 'response.incomplete', response: { incomplete_details: { reason: secrets } } }] },
    ];
    const { open } = await setUp({ replies, provider });
    for (const _ of replies) {
      const { error } = await collect(open());
      expect(`${error?.message} ${error?.stack} ${JSON.stringify(error)}`).not.toMatch(/sk-secret|hidden/);
    }
  });
});

describe('a request that got no stream', () => {
  it('is repeated in silence after a growing pause, when the server failed', async () => {
    const {
      open,
      server: api,
      clock,
    } = await setUp({
      replies: [failure(500), failure(503), { refuse: 'cut' }, wire.response(wire.message(['ok']))],
      provider: { requestMaxRetries: 4 },
    });
    const { events, error } = await collect(open());
    expect([events.at(-1)?.type, error]).toEqual(['completed', undefined]);
    expect(api.requests).toHaveLength(4);
    expect(clock.pausesMs.slice(0, 3)).toEqual([200, 400, 800]);
  });

  it('is repeated as often as the provider says, then the last failure is told', async () => {
    const { open, server: api } = await setUp({
      replies: [failure(500)],
      provider: { requestMaxRetries: 2 },
    });
    expect((await collect(open())).error?.info).toBe('internalServerError');
    expect(api.requests).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 429])('is never repeated when it was refused with %i', async (status) => {
    const { open, server: api } = await setUp({
      replies: [failure(status)],
      provider: { requestMaxRetries: 4 },
    });
    expect((await collect(open())).error?.retryable).toBe(false);
    expect(api.requests).toHaveLength(1);
  });

  it('is not repeated any more once it was aborted', async () => {
    const {
      open,
      controller,
      server: api,
    } = await setUp({
      replies: [failure(500)],
      provider: { requestMaxRetries: 100 },
    });
    const next = open().next();
    while (api.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('interrupted'));
    await expect(next).rejects.toThrow('interrupted');
  });
});

describe('responsesClient', () => {
  const options = { clock: systemClock, random: () => 0, userAgent: 'test' };
  const provider = { id: 'p', name: 'P', baseUrl: 'http://127.0.0.1:9/v1/' };

  it('has the limits of the product where the provider says nothing, and never more', () => {
    expect(responsesClient({ ...options, provider })).toMatchObject({ provider: 'p', streamMaxRetries: 5 });
    const eager = { ...provider, streamMaxRetries: 1_000_000 };
    expect(responsesClient({ ...options, provider: eager }).streamMaxRetries).toBe(100);
  });

  it.each([
    ['a base URL that is none', { baseUrl: `${KEY}` }],
    ['a base URL of another kind', { baseUrl: `file:///${KEY}` }],
    ['a key that no header can carry', { apiKey: `${KEY}\nx` }],
    ['a header that cannot be sent', { httpHeaders: { 'X-Key': `${KEY}\u0000` } }],
  ])('refuses %s, without repeating it', (_, part) => {
    let message = '';
    try {
      responsesClient({ ...options, provider: { ...provider, ...part } });
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/^TypeError: the .* of model provider p /);
    expect(message).not.toContain(KEY);
  });
});
