import type { NotificationMethod, RequestId, RpcErrorObject } from '@millrace/protocol';
import type { RequestEvent } from './server-event.js';
import type { View } from './view.js';

/** What a client says, before anything in it was checked beyond the envelope. */
export type Inbound =
  | {
      readonly type: 'request';
      readonly id: RequestId;
      readonly method: string;
      readonly params: unknown;
      /** In process: where the turn that this request starts shall report, instead of the default view. */
      readonly run?: Run | undefined;
    }
  | { readonly type: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly type: 'result'; readonly id: RequestId; readonly result: unknown }
  | { readonly type: 'error'; readonly id: RequestId; readonly error: RpcErrorObject };

/** A view of one turn, asked for by whoever starts it. */
export interface Run {
  readonly view: View;
  /** Called with the params of `turn/completed` when the turn ended, whether or not anybody reads the view. */
  onEnded(params: unknown): void;
}

/** How a connection's replies go back. Each id is answered exactly once (RQ-1). */
export interface Replies {
  result(id: RequestId, result: unknown): void;
  error(id: RequestId, error: RpcErrorObject): void;
}

/** Answers server requests in place of the event stream. Resolves the result; a rejection refuses the request. */
export type RequestHandler = (request: RequestEvent) => unknown;

/** What `initialize` agreed on; written once. */
export interface Session {
  readonly clientName: string;
  readonly clientVersion: string;
  readonly experimentalApi: boolean;
  readonly lagMarkers: boolean;
  readonly optOut: ReadonlySet<string>;
}

/** One peer attached to the server, from accept to close. */
export class Connection {
  readonly id: number;
  readonly replies: Replies;
  /** Where everything goes that does not go to a run. */
  readonly view: View;
  /** Views of single turns, by turn id. */
  readonly runs = new Map<string, Run>();
  /** Requests that were accepted and not answered yet; those answered in the same tick never enter. */
  readonly inFlight = new Set<RequestId>();
  requestHandler: RequestHandler | undefined;
  #state: 'open' | 'initialized' | 'closing' | 'closed' = 'open';
  #session: Session | undefined;

  constructor(id: number, replies: Replies, view: View) {
    this.id = id;
    this.replies = replies;
    this.view = view;
  }

  get state(): 'open' | 'initialized' | 'closing' | 'closed' {
    return this.#state;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  initialize(session: Session): void {
    this.#session = session;
    this.#state = 'initialized';
  }

  /**
   * Whether this peer wants a notification of that method at all. Asked before anything is put into a view. A closing peer does: it
   * reads the ends of its turns.
   */
  wants(method: NotificationMethod, isExperimental: boolean): boolean {
    const session = this.#session;
    if (session === undefined || this.#state === 'closed') return false;
    return !session.optOut.has(method) && (!isExperimental || session.experimentalApi);
  }

  /** The view for events of that turn: its run's, else the default one. */
  viewOf(turnId: string | undefined): View {
    if (turnId === undefined || this.runs.size === 0) return this.view;
    return this.runs.get(turnId)?.view ?? this.view;
  }

  /** The turn has ended: its own view ends too, and whoever waits for the end is told. */
  endRun(turnId: string, ended: unknown): void {
    const run = this.runs.get(turnId);
    if (run === undefined) return;
    this.runs.delete(turnId);
    run.view.close();
    run.onEnded(ended);
  }

  /** No more in; what is queued can still be read. */
  beginClose(): void {
    if (this.#state !== 'closed') this.#state = 'closing';
  }

  close(): void {
    this.#state = 'closed';
    for (const run of this.runs.values()) run.view.close();
    this.runs.clear();
    this.view.close();
  }
}
