import type {
  LaggedMarker,
  LegacyEvent,
  ResyncedMarker,
  ServerNotification,
  ServerRequest,
} from '@millrace/protocol';

/** Something the server says: told apart by `type`, notifications and requests further by `method`. Never changed after it was made. */
export type ClientEvent =
  | ({ readonly type: 'notification' } & ServerNotification)
  /** Answer with `client.respond` or `client.reject`. */
  | ({ readonly type: 'request' } & ServerRequest)
  /** What the event behind it tells, in the words of the first generation of the protocol; for clients with the capability `legacyEvents`. */
  | ({ readonly type: 'legacy' } & LegacyEvent)
  /** Events are missing exactly here. */
  | ({ readonly type: 'lagged' } & LaggedMarker)
  /** What heals the gap before it: the state of a thread as it was when the gap was read. */
  | ({ readonly type: 'resynced' } & ResyncedMarker)
  /** The last event of a connection that ended without being asked to. */
  | { readonly type: 'disconnected'; readonly message: string };
