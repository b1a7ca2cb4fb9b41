import { type Clock, createDeferred, PendingRequests, systemClock } from '@millrace/channel';
import { LIMITS, type RequestId, type RpcErrorObject, type Turn } from '@millrace/protocol';
import { type InProcessConnection, type RuntimeOptions, type Server, startRuntime } from '@millrace/runtime';
import { Client } from './client.js';
import { ServerError, TransportError } from './errors.js';
import type {
  ConnectOptions,
  DiagnosticsSource,
  EventSource,
  Link,
  RequestHandler,
  RunLink,
} from './link.js';
import { notSent, tooManyPending } from './refusal.js';
import { ViewSource } from './view-source.js';

export type { RuntimeOptions } from '@millrace/runtime';

export interface AttachOptions extends ConnectOptions {
  /** Events that may wait in each view, and requests in the queue; 128 by default, clamped to at least 1. */
  readonly channelCapacity?: number;
  /** Milliseconds that a turn waits for this client once its view is full; 2,000 by default, 0 means not at all. */
  readonly slowConsumerGraceMs?: number;
  /** That of the system by default. */
  readonly clock?: Clock;
}

export interface InProcessOptions extends AttachOptions, RuntimeOptions {}

/**
 * Starts a server in this process and attaches to it. There is no JSON and no copy between the two.
 *
 * Rejects with `TransportError` (`InvalidData`) when the handshake is refused, or `ConfigError` when `config.toml` cannot be
 * understood; then nothing is left running.
 */
export async function startInProcess(options: InProcessOptions): Promise<Client> {
  const server = await startRuntime(options);
  try {
    return new Client(await attach(server, options, options, true));
  } catch (error) {
    await server.finishShutdown();
    throw error;
  }
}

/**
 * Attaches to a server of this process that somebody else started, and ends: one that may serve others over sockets at the same time.
 * `shutdown` ends this connection alone. Rejects with `TransportError`, like {@link startInProcess}.
 */
export async function attachInProcess(server: Server, options: AttachOptions): Promise<Client> {
  return new Client(await attach(server, options, options, false));
}

/** What every connection to one server in this process shares. */
type LinkOptions = Pick<AttachOptions, 'channelCapacity' | 'slowConsumerGraceMs' | 'clock'>;

async function attach(
  server: Server,
  options: ConnectOptions,
  bounds: LinkOptions,
  ownsServer: boolean,
): Promise<InProcessLink> {
  const link = new InProcessLink(server, bounds, ownsServer);
  const { clientInfo, capabilities } = options;
  try {
    await link.request('initialize', { clientInfo, ...(capabilities === undefined ? {} : { capabilities }) });
  } catch (cause) {
    await link.close();
    const detail = `in-process initialize failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new TransportError('InvalidData', 'initialize', { detail, cause });
  }
  link.notify('initialized', undefined);
  return link;
}

/** The in-process transport: a bounded queue there, a table of waiting requests and views back. */
class InProcessLink implements Link {
  readonly clock: Clock;
  readonly events: EventSource;
  readonly #server: Server;
  readonly #bounds: LinkOptions;
  readonly #ownsServer: boolean;
  readonly #connection: InProcessConnection;
  readonly #pending = new PendingRequests<unknown>({ capacity: LIMITS.pendingRequests });
  /** What each waiting request asks for, by the slot of its id. */
  readonly #methods: string[] = [];
  readonly #runs = new Set<InProcessRun>();
  /** This client asked for the end. */
  #isClosing = false;

  constructor(server: Server, bounds: LinkOptions, ownsServer: boolean) {
    this.#server = server;
    this.#bounds = bounds;
    this.#ownsServer = ownsServer;
    this.clock = bounds.clock ?? systemClock;
    const connection = server.attach(
      {
        result: (id, result) => this.#pending.settle(id as number, result),
        error: (id, error) => this.#fail(id as number, error),
      },
      {
        channelCapacity: Math.max(1, bounds.channelCapacity ?? LIMITS.channelCapacity),
        slowConsumerGraceMs: bounds.slowConsumerGraceMs ?? LIMITS.slowConsumerGraceMs,
      },
    );
    if (connection === 'closed') throw new TransportError('BrokenPipe', 'initialize');
    if (connection === 'full') {
      throw new TransportError('WouldBlock', 'initialize', {
        detail: `the server has ${LIMITS.connections} connections already`,
      });
    }
    this.#connection = connection;
    this.events = new ViewSource(connection.view, connection, () => this.#isClosing);
  }

  get diagnostics(): DiagnosticsSource {
    return this.#server.diagnostics as unknown as DiagnosticsSource;
  }

  request(method: string, params: unknown, run?: RunLink): Promise<unknown> {
    const open = this.#pending.open();
    if (open === 'closed') return Promise.reject(new TransportError('BrokenPipe', method));
    if (open === 'full') return Promise.reject(tooManyPending(method));
    const { id, promise } = open;
    this.#methods[id % LIMITS.pendingRequests] = method;
    const sent = this.#connection.requests.trySend({
      type: 'request',
      id,
      method,
      params,
      run: (run as InProcessRun | undefined)?.run,
    });
    if (sent !== 'sent') this.#pending.fail(id, notSent(sent, method));
    return promise;
  }

  notify(method: string, params: unknown): void {
    const sent = this.#connection.requests.trySend({ type: 'notification', method, params });
    if (sent !== 'sent') throw notSent(sent, method);
  }

  respond(id: RequestId, answer: { readonly result: unknown } | { readonly error: RpcErrorObject }): void {
    const message =
      'error' in answer
        ? ({ type: 'error', id, error: answer.error } as const)
        : ({ type: 'result', id, result: answer.result } as const);
    const sent = this.#connection.requests.trySend(message);
    if (sent !== 'sent') throw notSent(sent, 'respond');
  }

  openRun(): RunLink {
    const run = new InProcessRun(this.#connection, () => this.#runs.delete(run));
    this.#runs.add(run);
    return run;
  }

  setRequestHandler(handler: RequestHandler | undefined): void {
    this.#connection.setRequestHandler(handler as Parameters<InProcessConnection['setRequestHandler']>[0]);
  }

  connect(options: ConnectOptions): Promise<Link> {
    return attach(this.#server, options, this.#bounds, false);
  }

  async beginShutdown(): Promise<void> {
    this.#isClosing = true;
    if (this.#ownsServer) await this.#server.beginShutdown();
    else this.#connection.requests.close();
  }

  async finishShutdown(): Promise<void> {
    this.#isClosing = true;
    if (this.#ownsServer) await this.#server.finishShutdown();
    await this.close();
  }

  /** Ends this connection alone. Every request and run that still waits is told. Idempotent. */
  async close(): Promise<void> {
    this.#connection.close();
    this.#pending.failAll(new TransportError('BrokenPipe', 'request'));
    for (const run of [...this.#runs]) run.cancel(new TransportError('BrokenPipe', 'turn/start'));
  }

  #fail(id: number, error: RpcErrorObject): void {
    this.#pending.fail(id, new ServerError(this.#methods[id % LIMITS.pendingRequests] ?? '', error));
  }
}

/** A turn's own view in process. */
class InProcessRun implements RunLink {
  readonly run: ReturnType<InProcessConnection['newRun']>;
  readonly events: EventSource;
  readonly ended: Promise<Turn>;
  readonly complete: (turn: Turn) => void;
  readonly cancel: (error: unknown) => void;

  constructor(connection: InProcessConnection, onSettled: () => void) {
    const ended = createDeferred<Turn>();
    this.ended = ended.promise;
    this.run = connection.newRun((params) => {
      onSettled();
      if (params === undefined) ended.reject(new TransportError('BrokenPipe', 'turn/start'));
      else ended.resolve((params as { readonly turn: Turn }).turn);
    });
    this.events = new ViewSource(this.run.view, connection, () => true);
    const leave = (): void => {
      onSettled();
      this.run.view.close();
    };
    this.complete = (turn) => {
      leave();
      ended.resolve(turn);
    };
    this.cancel = (error) => {
      leave();
      ended.reject(error);
    };
  }
}
