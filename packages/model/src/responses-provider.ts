import { LIMITS } from '@millrace/protocol';

/** A server that speaks the OpenAI Responses API, as it is configured. */
export interface ResponsesProvider {
  /** The id under `[model_providers]`. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Up to and without `/responses`, for example `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** The key itself, not the name of a variable. Sent as a bearer token; nothing is sent without one. */
  readonly apiKey?: string;
  /** How often a request that got no stream is repeated; `LIMITS.requestMaxRetries` when absent, 0 means never. */
  readonly requestMaxRetries?: number;
  /** How often the turn asks again after a stream broke; `LIMITS.streamMaxRetries` when absent, 0 means never. */
  readonly streamMaxRetries?: number;
  /** Milliseconds without a byte after which a stream counts as broken; `LIMITS.sseIdleMs` when absent. */
  readonly streamIdleTimeoutMs?: number;
  /** Further headers; they take the place of ours of the same name. */
  readonly httpHeaders?: Readonly<Record<string, string>>;
  /** Parameters that are added to the URL. */
  readonly queryParams?: Readonly<Record<string, string>>;
}

/** How often and how long, with the product's limits where the provider says nothing or too much. */
export interface Persistence {
  readonly requestMaxRetries: number;
  readonly streamMaxRetries: number;
  readonly idleTimeoutMs: number;
}

export function persistenceOf(provider: ResponsesProvider): Persistence {
  return {
    requestMaxRetries: Math.min(provider.requestMaxRetries ?? LIMITS.requestMaxRetries, LIMITS.maxRetries),
    streamMaxRetries: Math.min(provider.streamMaxRetries ?? LIMITS.streamMaxRetries, LIMITS.maxRetries),
    idleTimeoutMs: provider.streamIdleTimeoutMs ?? LIMITS.sseIdleMs,
  };
}

/** The address that a request goes to, and the same without credentials and parameters, for error messages. */
export interface Endpoint {
  readonly url: string;
  readonly publicUrl: string;
}

/** @throws {TypeError} When the base URL is no http or https URL. The message does not repeat it: it may hold a secret. */
export function endpointOf(provider: ResponsesProvider): Endpoint {
  const url = parseUrl(provider.baseUrl);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError(`the base URL of model provider ${provider.id} is not an http or https URL`);
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/responses`;
  for (const [name, value] of Object.entries(provider.queryParams ?? {})) url.searchParams.set(name, value);
  return { url: url.href, publicUrl: `${url.origin}${url.pathname}` };
}

/**
 * The headers of every request to the provider, by lower-case name.
 *
 * @throws {TypeError} When a value cannot be sent in a header. The message names the header and does not repeat the value.
 */
export function headersOf(provider: ResponsesProvider, userAgent: string): Readonly<Record<string, string>> {
  const apiKey = provider.apiKey?.trim() ?? '';
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    'user-agent': userAgent,
    originator: 'millrace',
    ...(apiKey !== '' && { authorization: `Bearer ${apiKey}` }),
  };
  for (const [name, value] of Object.entries(provider.httpHeaders ?? {})) headers[name.toLowerCase()] = value;
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\t\x20-\x7e]*$/.test(value) && /^[\w!#$%&'*+.^`|~-]+$/.test(name)) continue;
    throw new TypeError(`the header ${name} of model provider ${provider.id} cannot be sent`);
  }
  return headers;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
