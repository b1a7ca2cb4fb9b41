import { type OverloadedData, RPC_ERROR_CODES, type RpcErrorObject } from '@millrace/protocol';

/** What went wrong on the way to the server or back. */
export type TransportErrorKind =
  /** The request queue is full. Nothing was done; the same call may succeed a moment later. */
  | 'WouldBlock'
  /** The connection, or the whole runtime, is closed. */
  | 'BrokenPipe'
  /** The handshake failed, or the peer said something that is no message. */
  | 'InvalidData'
  /** The call itself cannot be made, such as with an unusable address. */
  | 'InvalidInput'
  /** No answer within the time that the call allows. */
  | 'TimedOut'
  /** The peer ended the connection. */
  | 'ConnectionAborted';

const TRANSPORT_MESSAGES: Readonly<Record<TransportErrorKind, string>> = {
  WouldBlock: 'in-process app-server client queue is full',
  BrokenPipe: 'in-process app-server runtime is closed',
  InvalidData: 'the peer sent something that cannot be understood',
  InvalidInput: 'the call cannot be made',
  TimedOut: 'no answer in time',
  ConnectionAborted: 'the peer ended the connection',
};

/** The call did not reach the server, or its answer did not come back. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;
  readonly method: string;
  /** True when the same call may succeed later, unchanged. */
  readonly retryable: boolean;

  constructor(
    kind: TransportErrorKind,
    method: string,
    options?: { readonly detail?: string; readonly cause?: unknown },
  ) {
    super(`${method} transport error: ${options?.detail ?? TRANSPORT_MESSAGES[kind]}`, {
      cause: options?.cause,
    });
    this.kind = kind;
    this.method = method;
    this.retryable = kind === 'WouldBlock';
  }
}

/** The server answered the request with an error. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly method: string;
  readonly code: number;
  readonly data: unknown;
  /** True when the server did nothing and the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  /** Milliseconds after which to try again, where the server says. */
  readonly retryAfterMs: number | undefined;

  constructor(method: string, error: RpcErrorObject) {
    const data = error.data === undefined ? '' : `, data: ${JSON.stringify(error.data)}`;
    super(`${method} failed: ${error.message} (code ${error.code}${data})`);
    this.method = method;
    this.code = error.code;
    this.data = error.data;
    const overload =
      error.code === RPC_ERROR_CODES.overloaded
        ? (error.data as Partial<OverloadedData> | undefined)
        : undefined;
    this.retryable = error.code === RPC_ERROR_CODES.overloaded;
    this.retryAfterMs = overload?.retryAfterMs;
  }
}

/** The server's answer is not what the method promises. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly method: string;

  constructor(method: string, detail: string, options?: { readonly cause?: unknown }) {
    super(`${method} response decode error: ${detail}`, options);
    this.method = method;
  }
}
