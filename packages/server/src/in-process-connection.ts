import type { Channel } from '@millrace/channel';
import type { Connection, Inbound, RequestHandler, Run } from './connection.js';
import type { ToldEvent } from './legacy-bridge.js';
import type { View, ViewEntry } from './view.js';

/** What a client in the same process holds of its connection. */
export interface InProcessConnection {
  readonly connection: Connection;
  /** The one queue between the client and the processor. */
  readonly requests: Channel<Inbound>;
  /** The default view. */
  readonly view: View;
  /** A view for one turn; it goes with the request that starts the turn. */
  newRun(onEnded: (params: unknown) => void): Run;
  /** Has server requests answered by a function instead of showing them as events; `undefined` undoes that. */
  setRequestHandler(handler: RequestHandler | undefined): void;
  /** The events that an entry is for a client that is told old ones too; undefined where it stands for itself. */
  readonly expand: (entry: ViewEntry) => readonly ToldEvent[] | undefined;
  /** Leaves: what is queued is dropped, and every request that was not answered stays so. Idempotent. */
  close(): void;
}
