/** Every error code that crosses the wire. Names are ours, numbers are the protocol's. */
export const RPC_ERROR_CODES = {
  /** The bytes were no JSON. Kept for peers that send it; Millrace answers no unreadable line. */
  parseError: -32700,
  /** The request cannot be understood, or not in this state. Includes unknown methods and params that do not fit. */
  invalidRequest: -32600,
  /** The method is known but not served here. */
  methodNotFound: -32601,
  /** The params can be read but break a rule that the request names, such as a length. */
  invalidParams: -32602,
  /** The server failed. Says nothing about the request. */
  internal: -32603,
  /** The operating system refused what was asked, for the reason in the message. The number is that of `internal`. */
  failed: -32603,
  /** Nothing was done because a queue or table was full. The same request may succeed later. */
  overloaded: -32001,
  /** The client does not want to answer a server request. */
  clientRefused: -32000,
  /** A file or another thing that the request names is not there. */
  notFound: -32004,
} as const;

/** Why a peer refused, by the name of its code. */
export type RpcErrorName = keyof typeof RPC_ERROR_CODES;

/** An error as it stands on the wire. */
export interface RpcErrorObject {
  readonly code: number;
  /** For programs: what `message` says in words. */
  readonly data?: unknown;
  /** For people. Without stacks, paths of the server, or secrets. */
  readonly message: string;
}

/** What `data` holds when the code is `overloaded`. */
export interface OverloadedData {
  readonly retryable: true;
  /** The queue that was full, for example `thread:<id>`. */
  readonly queue: string;
  /** How long to wait before trying again, in milliseconds. A hint. */
  readonly retryAfterMs: number;
}
