import {
  LIMITS,
  type OverloadedData,
  RPC_ERROR_CODES,
  type RpcErrorName,
  type RpcErrorObject,
} from '@millrace/protocol';

/** A failure that the peer is told of. Anything else that a handler throws is told as `internal`, without its text. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly reason: RpcErrorName;
  readonly code: number;
  readonly data: unknown;

  constructor(
    reason: RpcErrorName,
    message: string,
    options?: {
      readonly data?: unknown;
      readonly cause?: unknown;
      /** The code that another program answered with, in place of that of the reason. */
      readonly code?: number | undefined;
    },
  ) {
    super(message, { cause: options?.cause });
    this.reason = reason;
    this.code = options?.code ?? RPC_ERROR_CODES[reason];
    this.data = options?.data;
  }

  /** The `error` member of a reply, its keys in the order of the reference server. */
  toObject(): RpcErrorObject {
    if (this.data === undefined) return { code: this.code, message: this.message };
    return { code: this.code, data: this.data, message: this.message };
  }
}

/** The request cannot be understood, or not in this state. */
export function invalidRequest(message: string): RpcError {
  return new RpcError('invalidRequest', message);
}

/** Refuses work before any effect. `queue` names what is full; the peer may try again unchanged after `retryAfterMs`. */
export function overloaded(queue: string): RpcError {
  const data: OverloadedData = { retryable: true, queue, retryAfterMs: LIMITS.retryAfterMs };
  return new RpcError('overloaded', 'Server overloaded; retry later.', { data });
}

/** Nothing is begun any more. */
export function shuttingDown(): RpcError {
  return new RpcError('internal', 'the server is shutting down');
}

/** What the peer is told of any failure: no stack, no path, nothing that was not meant for it (RQ-8). */
export function toRpcError(error: unknown): RpcError {
  return error instanceof RpcError ? error : new RpcError('internal', 'internal error', { cause: error });
}
