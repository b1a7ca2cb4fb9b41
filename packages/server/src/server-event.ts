import type {
  NotificationMethod,
  NotificationParams,
  RequestId,
  ServerRequestMethod,
  ServerRequestParams,
} from '@millrace/protocol';

/**
 * What stands in a view. Made once, shared by every view it goes to, and never changed afterwards: a merge makes a new one.
 */
export type ServerEvent = NotificationEvent | RequestEvent | ReplyEvent | FarewellEvent;

export interface NotificationEvent<M extends NotificationMethod = NotificationMethod> {
  readonly type: 'notification';
  readonly method: M;
  readonly params: NotificationParams<M>;
  /** Unix time in milliseconds at which it was emitted; the same for every receiver. */
  readonly emittedAtMs: number;
  /** The thread it belongs to; undefined for what concerns the whole server. */
  readonly threadId: string | undefined;
  /** Position among the events of the thread, from 1; 0 outside threads. */
  readonly sequence: number;
}

export interface RequestEvent<M extends ServerRequestMethod = ServerRequestMethod> {
  readonly type: 'request';
  readonly id: RequestId;
  readonly method: M;
  readonly params: ServerRequestParams<M>;
  readonly threadId: string;
}

/** A reply on a byte transport, where replies and events share one order. Already encoded. */
export interface ReplyEvent {
  readonly type: 'reply';
  readonly text: string;
  readonly threadId: undefined;
}

/**
 * The server is over, for a connection with legacy events: its old form is one event for each thread. It is the last one, in a slot
 * that was taken at the handshake.
 */
export interface FarewellEvent {
  readonly type: 'farewell';
  /** What the connection was subscribed to. */
  readonly threadIds: readonly string[];
  readonly threadId: undefined;
}

/** The method of an event, for accounts and logs; its type where it has none. */
export function kindOf(event: ServerEvent): string {
  return 'method' in event ? event.method : event.type;
}

/** The turn that the params of an event belong to, whatever its method; undefined where they belong to none. */
export function turnIdOf(params: unknown): string | undefined {
  const fields = params as { readonly turnId?: string; readonly turn?: { readonly id: string } };
  return fields.turnId ?? fields.turn?.id;
}
