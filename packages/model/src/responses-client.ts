import { type Clock, sleep } from '@millrace/channel';
import { type ModelClient, ModelError, type ModelEvent, type ModelRequest } from '@millrace/core/ports';
import { LIMITS, type Model } from '@millrace/protocol';
import { backoffMs } from './backoff.js';
import { HttpConnection, type HttpFetch } from './http-connection.js';
import { requestBody } from './request-body.js';
import { interruptedStream, overfullStream, refusedResponse } from './response-error.js';
import { ResponseEventReader } from './response-events.js';
import {
  type Endpoint,
  endpointOf,
  headersOf,
  type Persistence,
  persistenceOf,
  type ResponsesProvider,
} from './responses-provider.js';
import { type SecretFilter, secretFilter } from './secret-filter.js';
import { SseDecoder } from './sse.js';
import { undiciFetch } from './undici-fetch.js';

export interface ResponsesClientOptions {
  readonly provider: ResponsesProvider;
  readonly clock: Clock;
  /** Numbers from 0 (included) to 1 (excluded), for the jitter of repeated requests. */
  readonly random: () => number;
  /** Who asks, as the `user-agent` header. */
  readonly userAgent: string;
  /** The models that can be named, best first; none when absent, then any name is passed on. */
  readonly models?: readonly Model[];
  /** Stands in for the HTTP client. Must end its work when the signal of a request is aborted. */
  readonly fetch?: HttpFetch;
}

/**
 * Speaks the OpenAI Responses API over server-sent events with any server that offers it. The server is asked to keep nothing:
 * every request carries the whole history.
 *
 * A request that got no stream because the connection failed or the server answered with a 5xx status is repeated after a
 * growing pause, without a word to anybody. A stream that broke is a retryable {@link ModelError}: the turn asks again. Which
 * failure is told in which words stands in `response-error.ts`.
 *
 * One batch for each chunk from the network; nothing is read before the consumer asks for it. Memory: a chunk and an
 * unfinished event of at most `LIMITS.sseLineBytes` characters. Cancel safety: an aborted response throws the signal's reason and closes its
 * socket, also when the consumer leaves early. Secrets of the provider are in no error.
 *
 * @throws {TypeError} When the provider's URL or a header of it cannot be used.
 */
export function responsesClient(options: ResponsesClientOptions): ModelClient {
  const { provider } = options;
  const context: Context = {
    options,
    endpoint: endpointOf(provider),
    headers: headersOf(provider, options.userAgent),
    persistence: persistenceOf(provider),
    fetch: options.fetch ?? undiciFetch(),
    redact: secretFilter(provider.apiKey?.trim(), provider.httpHeaders, provider.queryParams),
  };
  return {
    provider: provider.id,
    streamMaxRetries: context.persistence.streamMaxRetries,
    models: options.models ?? [],
    stream: (request, signal) => streamResponse(context, request, signal),
  };
}

interface Context {
  readonly options: ResponsesClientOptions;
  readonly endpoint: Endpoint;
  readonly headers: Readonly<Record<string, string>>;
  readonly persistence: Persistence;
  readonly fetch: HttpFetch;
  readonly redact: SecretFilter;
}

async function* streamResponse(
  context: Context,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly ModelEvent[], void, void> {
  const connection = await openStream(context, request, signal);
  try {
    const decoder = new SseDecoder();
    const reader = new ResponseEventReader(context.redact);
    for (;;) {
      const chunk = await connection.nextChunk();
      if (chunk === undefined) throw interruptedStream('closed');
      const { events, failure } = readChunk(decoder, reader, chunk);
      if (events.length > 0) yield events;
      if (failure !== undefined) throw failure;
      if (events.at(-1)?.type !== 'completed') continue;
      await connection.drain();
      return;
    }
  } finally {
    connection.close();
  }
}

/** The events of a chunk, up to the one that ends the response: `completed`, or a failure. */
function readChunk(
  decoder: SseDecoder,
  reader: ResponseEventReader,
  chunk: Uint8Array,
): { readonly events: readonly ModelEvent[]; readonly failure?: ModelError } {
  const events: ModelEvent[] = [];
  for (const data of decoder.decode(chunk)) {
    const read = reader.read(data);
    if (read instanceof ModelError) return { events, failure: read };
    events.push(...read);
    if (events.at(-1)?.type === 'completed') return { events };
  }
  return decoder.isOverfull ? { events, failure: overfullStream(LIMITS.sseLineBytes) } : { events };
}

/** Opens a stream, and repeats what may be repeated. */
async function openStream(
  context: Context,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<HttpConnection> {
  const { clock, random } = context.options;
  const body = requestBody(request);
  for (let repetition = 0; ; repetition += 1) {
    const attempt = await tryOpen(context, request.threadId, body, signal);
    if (attempt.type === 'open') return attempt.connection;
    if (!attempt.mayRepeat || repetition >= context.persistence.requestMaxRetries) throw attempt.error;
    await sleep(clock, backoffMs(repetition, random), signal);
  }
}

type Attempt =
  | { readonly type: 'open'; readonly connection: HttpConnection }
  | { readonly type: 'failed'; readonly error: ModelError; readonly mayRepeat: boolean };

async function tryOpen(
  context: Context,
  threadId: string,
  body: string,
  signal: AbortSignal,
): Promise<Attempt> {
  let connection: HttpConnection;
  try {
    connection = await HttpConnection.open({
      fetch: context.fetch,
      clock: context.options.clock,
      url: context.endpoint.url,
      headers: { ...context.headers, 'session-id': threadId, 'thread-id': threadId },
      body,
      idleTimeoutMs: context.persistence.idleTimeoutMs,
      signal,
    });
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    // A server that took the request and stayed silent is not asked again here: the turn does that, and says so.
    return { type: 'failed', error, mayRepeat: error.info !== 'other' };
  }
  if (connection.response.ok) return { type: 'open', connection };
  try {
    const { status, statusText } = connection.response;
    const refused = {
      status,
      statusText,
      body: await connection.readErrorText(),
      url: context.endpoint.publicUrl,
    };
    return { type: 'failed', error: refusedResponse(refused, context.redact), mayRepeat: status >= 500 };
  } finally {
    connection.close();
  }
}
