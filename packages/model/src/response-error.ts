import { ModelError } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { isRecord, type JsonRecord, parseRecord, recordIn, textIn } from './json-record.js';
import type { SecretFilter } from './secret-filter.js';

// The messages are facts of the wire: what the reference tells its clients, character by character (0.169.0).

const HIGH_DEMAND = 'We’re currently experiencing high demand, which may cause temporary errors.';
const USAGE_LIMIT = 'You’ve hit your usage limit. Try again later.';
const AT_CAPACITY = 'Selected model is at capacity. Please try a different model.';
const QUOTA_EXCEEDED = 'Quota exceeded. Check your plan and billing details.';
const OUT_OF_CONTEXT =
  "Codex ran out of room in the model's context window. Start a new thread or clear earlier history before retrying.";

/** What the platform calls a refused connection, an unknown host, a missing route. */
const UNREACHABLE_CODES: ReadonlySet<string | undefined> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Characters of a server's own words that are passed on. */
const SERVER_TEXT_MAX = 4_096;

const OVERLOADED_CODES: ReadonlySet<string | undefined> = new Set(['server_is_overloaded', 'slow_down']);

/** The status line and the beginning of the body of a response that is no stream. */
export interface RefusedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly body: string;
  /** Where the request went, without credentials and parameters. */
  readonly url: string;
}

/** The server answered with an error status instead of a stream. Server errors are retryable, refusals are not. */
export function refusedResponse(response: RefusedResponse, redact: SecretFilter): ModelError {
  const { status, url } = response;
  const body = clip(redact(response.body));
  const error = recordIn(parseRecord(redact(response.body)), 'error');
  const code = textIn(error, 'code');
  const type = textIn(error, 'type');
  const message = textIn(error, 'message');
  const line = `${status} ${response.statusText}`.trimEnd();

  if (status === 400) return new ModelError(body, { info: 'other', retryable: false });
  if (status === 404 && code === 'model_not_found') {
    return new ModelError(clip(message ?? body), { info: 'modelNotFound', retryable: false });
  }
  if (status === 429) return tooManyRequests(line, [code, type]);
  if (status === 500) return new ModelError(HIGH_DEMAND, { info: 'internalServerError', retryable: true });
  if (status === 503 && OVERLOADED_CODES.has(code)) return atCapacity();
  return new ModelError(`unexpected status ${line}: ${clip(message ?? body)}, url: ${url}`, {
    info: { httpConnectionFailed: { httpStatusCode: status } },
    retryable: status > 500,
  });
}

/** The stream told of a failure: `response.failed`, or a bare `error` event. */
export function failedResponse(error: JsonRecord | undefined, redact: SecretFilter): ModelError {
  const code = textIn(error, 'code') ?? textIn(error, 'type');
  const message = clip(redact(textIn(error, 'message') ?? 'response.failed event received'));
  if (code === 'context_length_exceeded') {
    return new ModelError(OUT_OF_CONTEXT, { info: 'contextWindowExceeded', retryable: false });
  }
  if (code === 'insufficient_quota') return quotaExceeded();
  if (code === 'usage_limit_reached') return usageLimitReached();
  if (code === 'invalid_prompt') return new ModelError(message, { info: 'other', retryable: false });
  if (code === 'model_not_found') return new ModelError(message, { info: 'modelNotFound', retryable: false });
  if (OVERLOADED_CODES.has(code)) return atCapacity();
  if (code === 'rate_limit_exceeded') {
    const retryAfterMs = retryAfterIn(message);
    return new ModelError(`rate limit exceeded: ${message}`, {
      info: 'rateLimitExceeded',
      retryable: true,
      retryAfterMs,
    });
  }
  return brokenStream(message);
}

/** The model stopped before it was done, for example at its limit of output tokens. */
export function incompleteResponse(reason: string): ModelError {
  return new ModelError(`Incomplete response returned, reason: ${reason}`, {
    info: 'other',
    retryable: false,
  });
}

/** The stream ended before `response.completed`, in one of the ways in which the words differ. */
export function interruptedStream(how: 'closed' | 'cut' | 'idle', cause?: unknown): ModelError {
  if (how === 'closed') return brokenStream('stream closed before response.completed');
  if (how === 'idle') return brokenStream('idle timeout waiting for SSE');
  return brokenStream('Transport error: network error: error decoding response body', cause);
}

/** One event of the stream was larger than is read. It would be as large the next time, so it is not retryable. */
export function overfullStream(charactersMax: number): ModelError {
  return new ModelError(`an event of the response is larger than ${charactersMax} characters`, {
    info: 'other',
    retryable: false,
  });
}

/** The request did not get as far as a response. Only what is a matter of the network is waited for without end. */
export function failedConnection(cause: unknown): ModelError {
  return new ModelError('Connection failed: error sending request', {
    info: { httpConnectionFailed: { httpStatusCode: null } },
    retryable: true,
    isUnreachable: UNREACHABLE_CODES.has(errorCodeOf(cause)),
    cause,
  });
}

/** The code of a failed `fetch` stands in its cause, and that of several tried addresses in the first of them. */
function errorCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner = error.cause instanceof AggregateError ? error.cause.errors[0] : error.cause;
  return isRecord(inner) ? textIn(inner, 'code') : undefined;
}

function tooManyRequests(line: string, codes: readonly (string | undefined)[]): ModelError {
  if (codes.includes('usage_limit_reached')) return usageLimitReached();
  if (codes.includes('insufficient_quota')) return quotaExceeded();
  return new ModelError(`exceeded retry limit, last status: ${line}`, {
    info: { responseTooManyFailedAttempts: { httpStatusCode: 429 } },
    retryable: false,
  });
}

function usageLimitReached(): ModelError {
  return new ModelError(USAGE_LIMIT, { info: 'usageLimitExceeded', retryable: false });
}

function quotaExceeded(): ModelError {
  return new ModelError(QUOTA_EXCEEDED, { info: 'usageLimitExceeded', retryable: false });
}

function atCapacity(): ModelError {
  return new ModelError(AT_CAPACITY, { info: 'serverOverloaded', retryable: false });
}

function brokenStream(why: string, cause?: unknown): ModelError {
  return new ModelError(`stream disconnected before completion: ${why}`, {
    info: 'other',
    retryable: true,
    cause,
  });
}

/** Reads "Please try again in 1.5s" or "in 20ms". A provider that wants a very long pause is asked again earlier. */
function retryAfterIn(message: string): number | null {
  const match = /try again in (\d{1,6}(?:\.\d{1,6})?) ?(ms|s)/i.exec(message);
  if (match === null) return null;
  const factor = match[2]?.toLowerCase() === 'ms' ? 1 : 1_000;
  return Math.min(Math.ceil(Number(match[1]) * factor), LIMITS.retryAfterMaxMs);
}

function clip(text: string): string {
  return text.length > SERVER_TEXT_MAX ? `${text.slice(0, SERVER_TEXT_MAX)}…` : text;
}
