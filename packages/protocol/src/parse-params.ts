import { CLIENT_REQUESTS, type ClientRequestMethod, type ParsedParams } from './client-requests.js';
import { describeInvalidParams, describeMissingParams } from './invalid-params.js';
import { LIMITS } from './limits.js';

/** What became of the params of a request. */
export type ParseResult<M extends ClientRequestMethod> =
  | { readonly type: 'parsed'; readonly params: ParsedParams<M> }
  /** The request is answered `invalidRequest` with this message. */
  | { readonly type: 'invalid'; readonly message: string };

/**
 * Turns the params of a request into what its handler works with.
 *
 * The result is a copy without unknown fields; defaults are filled in. Whatever a schema leaves open (`config`, `outputSchema`)
 * is the caller's own object. Never throws, whatever it is given.
 */
export function parseParams<M extends ClientRequestMethod>(method: M, params: unknown): ParseResult<M> {
  const row = CLIENT_REQUESTS[method];
  const given = params === null || params === undefined ? row.paramsOptional && {} : params;
  if (given === undefined) return { type: 'invalid', message: describeMissingParams() };
  if (holdsMoreThan(given, LIMITS.paramsValues)) {
    return {
      type: 'invalid',
      message: `Invalid request: params hold more than ${LIMITS.paramsValues} values`,
    };
  }
  const result = row.params.safeParse(given);
  return result.success
    ? { type: 'parsed', params: result.data as ParsedParams<M> }
    : { type: 'invalid', message: describeInvalidParams(method, result.error.issues, given) };
}

/** Whether a JSON value holds more than `limit` values, itself included. Costs at most `limit` steps, also for cycles. */
function holdsMoreThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object') return false;
  const open: unknown[] = [];
  let count = 1;
  for (
    let next: object | null | undefined = value;
    next !== undefined;
    next = open.pop() as object | undefined
  ) {
    for (const key in next) {
      const child: unknown = (next as Readonly<Record<string, unknown>>)[key];
      count += 1;
      if (count > limit) return true;
      if (typeof child === 'object' && child !== null) open.push(child);
    }
  }
  return false;
}
