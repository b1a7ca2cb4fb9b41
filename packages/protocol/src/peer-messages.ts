import type { ClientNotification } from './client-notifications.js';
import type { ClientRequest } from './client-requests.js';
import type { ErrorMessage, ResultMessage } from './message.js';
import type { ServerNotification } from './server-notifications.js';
import type { ServerRequest } from './server-requests.js';

/** Anything that a client says. */
export type ClientMessage = ClientRequest | ClientNotification | ResultMessage | ErrorMessage;

/** Anything that the server says. */
export type ServerMessage = ServerRequest | ServerNotification | ResultMessage | ErrorMessage;
