/**
 * Carries text messages between two peers, without looking inside.
 *
 * A message is one JSON value in text form. Order is kept in each direction.
 */
export interface MessageTransport {
  /** Names the peer in logs, such as `stdio`. */
  readonly label: string;
  /**
   * Messages as they arrive, in batches of at least one. Reading is on demand: a peer that sends faster than this is read is held
   * up in its own pipe. Ends when the peer is gone. One consumer.
   */
  readonly incoming: AsyncIterable<readonly Incoming[]>;
  /** Sends messages in order; resolves when the transport has room for more. Rejects with {@link TransportClosedError}. */
  write(messages: readonly string[]): Promise<void>;
  /**
   * Flushes what was written, tells the peer why where the transport can, and ends the connection. A websocket that does not take
   * its leave in time is cut off. Idempotent: the first reason counts.
   */
  close(reason?: CloseReason): Promise<void>;
}

/** Why this side ends a connection. */
export type CloseReason =
  /** Nothing more is to be said. */
  | 'done'
  /** The server ends. */
  | 'shutdown'
  /** The server has no place for another connection. */
  | 'full'
  /** The peer did not read for too long while too much waited for it. */
  | 'slowConsumer';

export type Incoming =
  | { readonly type: 'message'; readonly text: string }
  /** A message over the size limit. All but its beginning is dropped; what follows it is read on. */
  | { readonly type: 'tooLong'; readonly limitBytes: number; readonly head: string }
  /** A message that is no text. */
  | { readonly type: 'binary' };

/** The peer is gone, or the connection was closed here. */
export class TransportClosedError extends Error {
  override readonly name = 'TransportClosedError';
}
