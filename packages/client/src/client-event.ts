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
  /** The connection was lost and is being made again. What waited for an answer has failed with the same words; nothing is repeated. */
  | { readonly type: 'reconnecting'; readonly message: string }
  /** It was made again, and the state of each thread that was followed stands before this as `resynced`, but for those that were lost. */
  | {
      readonly type: 'reconnected';
      readonly lost: readonly { readonly threadId: string; readonly message: string }[];
    }
  /** The last event of a connection that ended without being asked to. */
  | { readonly type: 'disconnected'; readonly message: string };
