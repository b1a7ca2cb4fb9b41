import type { Clock } from '@millrace/channel';
import type {
  ClientCapabilities,
  ClientInfo,
  RequestId,
  RpcErrorObject,
  ServerRequest,
  Turn,
} from '@millrace/protocol';
import type { ClientEvent } from './client-event.js';

/** A bounded view of events with one reader. */
export interface EventSource {
  /** Events that have come so far, read or not, missing ones included. */
  readonly arrived: number;
  /** Whether events wait for a reader that has begun to read: then it is the reader who is slow, and not the server. */
  readonly isHeld: boolean;
  /** Somebody reads from now on: turns may wait for this view. */
  open(): void;
  /** Nobody reads for now: events are kept within the bounds and counted beyond them. */
  pause(): void;
  /** What is there now; `undefined` when there is nothing. */
  tryReceive(): ClientEvent | undefined;
  /** Waits for the next one; `undefined` once the view has ended. Rejects with the signal's reason and then takes nothing. */
  receive(signal: AbortSignal): Promise<ClientEvent | undefined>;
}

/** One turn's own view, handed over with the request that starts the turn. */
export interface RunLink {
  readonly events: EventSource;
  /** Settles once: with the turn as it ended, or a transport error when the connection ended first. */
  readonly ended: Promise<Turn>;
  /** The turn has ended though its end never came: ends the view. */
  complete(turn: Turn): void;
  /** The turn was not started, or nobody waits for it any more: ends the view. */
  cancel(error: unknown): void;
}

/** Who attaches, and what it can do. */
export interface ConnectOptions {
  readonly clientInfo: ClientInfo;
  readonly capabilities?: ClientCapabilities;
}

/** Answers server requests in place of the event stream. Its result is the answer; a rejection refuses the request. */
export type RequestHandler = (request: { readonly type: 'request' } & ServerRequest) => unknown;

/** What each transport does for a client. Everything else is the same for all of them. */
export interface Link {
  readonly clock: Clock;
  readonly events: EventSource;
  readonly diagnostics: DiagnosticsSource | undefined;
  /** Rejects with `TransportError` or `ServerError`. */
  request(method: string, params: unknown, run?: RunLink): Promise<unknown>;
  /** @throws {TransportError} */
  notify(method: string, params: unknown): void;
  /** @throws {TransportError} */
  respond(id: RequestId, answer: { readonly result: unknown } | { readonly error: RpcErrorObject }): void;
  openRun(): RunLink;
  setRequestHandler(handler: RequestHandler | undefined): void;
  /** Another connection to the same server, its handshake done. */
  connect(options: ConnectOptions): Promise<Link>;
  beginShutdown(): Promise<void>;
  finishShutdown(): Promise<void>;
}

/** Signals about the server's health, where it runs in this process: `overload`, `lag`, `letGo`, `merge`, `lateAnswer`, `shutdown`, `fault`. */
export interface DiagnosticsSource {
  on(signal: string, listener: (detail: Readonly<Record<string, unknown>>) => void): unknown;
  off(signal: string, listener: (detail: Readonly<Record<string, unknown>>) => void): unknown;
}
