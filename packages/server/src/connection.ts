import type { Permit } from '@millrace/channel';
import type { NotificationMethod, RequestId, RpcErrorObject } from '@millrace/protocol';
import type { LegacyBridge } from './legacy-bridge.js';
import type { RequestEvent, ServerEvent } from './server-event.js';
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
  /**
   * Called once, whether or not anybody reads the view: with the params of `turn/completed` when the turn ended, or undefined when the
   * connection ended first.
   */
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
  /** For a connection that is told events in the words of the first generation too. */
  readonly legacy: LegacyBridge | undefined;
}

/** One peer attached to the server, from accept to close. */
export class Connection {
  readonly id: number;
  readonly replies: Replies;
  /** Where everything goes that does not go to a run. */
  readonly view: View;
  /** Runs of single turns, by turn id. The first of a turn gets its events; one that joined it later only learns of its end. */
  readonly runs = new Map<string, Run[]>();
  /** Requests that were accepted and not answered yet; those answered in the same tick never enter. */
  readonly inFlight = new Set<RequestId>();
  requestHandler: RequestHandler | undefined;
  #state: 'open' | 'initialized' | 'closing' | 'closed' = 'open';
  #session: Session | undefined;
  #farewell: Permit<ServerEvent> | undefined;

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

  /** @param farewell The slot for the last event of a connection with legacy events. */
  initialize(session: Session, farewell: Permit<ServerEvent> | undefined): void {
    this.#session = session;
    this.#farewell = farewell;
    this.#state = 'initialized';
  }

  /** Tells a connection with legacy events that the server is over, once. */
  sayFarewell(threadIds: readonly string[]): void {
    this.#farewell?.send({ type: 'farewell', threadIds, threadId: undefined });
    this.#farewell = undefined;
  }

  /**
   * Whether this peer wants a notification of that method at all. Asked before anything is put into a view. A closing peer does: it
   * reads the ends of its turns.
   */
  wants(method: NotificationMethod, isExperimental: boolean): boolean {
    const session = this.#session;
    if (session === undefined || this.#state === 'closed') return false;
    if (session.legacy?.reads(method) === true) return true;
    return !session.optOut.has(method) && (!isExperimental || session.experimentalApi);
  }

  /** The view for events of that turn: its run's, else the default one. */
  viewOf(turnId: string | undefined): View {
    if (turnId === undefined || this.runs.size === 0) return this.view;
    return this.runs.get(turnId)?.[0]?.view ?? this.view;
  }

  /** From now on the turn reports to this run, or where it does already. */
  addRun(turnId: string, run: Run): void {
    const runs = this.runs.get(turnId);
    if (runs === undefined) this.runs.set(turnId, [run]);
    else runs.push(run);
  }

  /** The turn has ended: its own view ends too, and whoever waits for the end is told. */
  endRun(turnId: string, ended: unknown): void {
    const runs = this.runs.get(turnId) ?? [];
    this.runs.delete(turnId);
    for (const run of runs) {
      run.view.close();
      run.onEnded(ended);
    }
  }

  /** No more in; what is queued can still be read. */
  beginClose(): void {
    if (this.#state !== 'closed') this.#state = 'closing';
  }

  close(): void {
    this.#state = 'closed';
    this.#farewell?.release();
    this.#farewell = undefined;
    for (const turnId of [...this.runs.keys()]) this.endRun(turnId, undefined);
    this.view.close();
  }
}
