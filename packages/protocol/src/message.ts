import { isObject } from './json-value.js';
import type { RpcErrorObject } from './rpc-error.js';

/** Pairs an answer with its request. An integer that JavaScript holds exactly, or a string; echoed as it came. */
export type RequestId = number | string;

/** A request as it stands on the wire. There is no `jsonrpc` member; one that arrives is ignored. */
export interface RequestMessage {
  readonly method: string;
  readonly id: RequestId;
  readonly params?: unknown;
}

/** A notification as it stands on the wire. */
export interface NotificationMessage {
  readonly method: string;
  readonly params?: unknown;
  /** Unix time in milliseconds at which the server sent it; only the server sets this. */
  readonly emittedAtMs?: number;
}

/** The good answer to a request. */
export interface ResultMessage {
  readonly id: RequestId;
  readonly result: unknown;
}

/** The bad answer to a request. */
export interface ErrorMessage {
  readonly error: RpcErrorObject;
  readonly id: RequestId;
}

/** Anything that one peer says to the other. */
export type Message = RequestMessage | NotificationMessage | ResultMessage | ErrorMessage;

/** A message with its kind told apart. */
export type ReadMessage =
  | { readonly type: 'request'; readonly message: RequestMessage }
  | { readonly type: 'notification'; readonly message: NotificationMessage }
  | { readonly type: 'result'; readonly message: ResultMessage }
  | { readonly type: 'error'; readonly message: ErrorMessage };

/**
 * Tells which kind of message a JSON value is; undefined when it is none, which a peer does not answer.
 *
 * Unknown members are left out. A request whose id is null, a fraction or too large to be exact is no message. `params` is
 * not looked into.
 */
export function readMessage(value: unknown): ReadMessage | undefined {
  if (!isObject(value)) return undefined;
  const { id, method } = value;
  if (method !== undefined) {
    if (typeof method !== 'string') return undefined;
    return id === undefined ? readNotification(method, value) : readRequest(method, id, value);
  }
  if (!isRequestId(id)) return undefined;
  if (value.error !== undefined) {
    const error = readError(value.error);
    return error && { type: 'error', message: { error, id } };
  }
  return 'result' in value ? { type: 'result', message: { id, result: value.result } } : undefined;
}

/** Whether a value may be the id of a request. */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

function readRequest(
  method: string,
  id: unknown,
  value: Readonly<Record<string, unknown>>,
): ReadMessage | undefined {
  if (!isRequestId(id)) return undefined;
  const { params } = value;
  return { type: 'request', message: params === undefined ? { method, id } : { method, id, params } };
}

function readNotification(method: string, value: Readonly<Record<string, unknown>>): ReadMessage {
  const { params, emittedAtMs } = value;
  return {
    type: 'notification',
    message: {
      method,
      ...(params === undefined ? undefined : { params }),
      ...(typeof emittedAtMs === 'number' ? { emittedAtMs } : undefined),
    },
  };
}

function readError(value: unknown): RpcErrorObject | undefined {
  if (!isObject(value)) return undefined;
  const { code, data, message } = value;
  if (!Number.isSafeInteger(code) || typeof message !== 'string') return undefined;
  return data === undefined ? { code: code as number, message } : { code: code as number, data, message };
}
