/** Every notification that clients send. Others are ignored. */
export const CLIENT_NOTIFICATIONS = {
  /** Says that the client has read the answer to `initialize`. Nothing waits for it. */
  initialized: {},
} as const;

/** A notification that clients send. */
export type ClientNotificationMethod = keyof typeof CLIENT_NOTIFICATIONS;

/** Any notification of a client, as it stands on the wire. */
export interface ClientNotification {
  readonly method: ClientNotificationMethod;
}
