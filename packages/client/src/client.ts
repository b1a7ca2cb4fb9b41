import { TaskGroup } from '@millrace/channel';
import {
  type ClientNotificationMethod,
  type ClientRequestMethod,
  LIMITS,
  type RequestId,
  type RequestParams,
  type RequestResult,
  type RpcErrorObject,
} from '@millrace/protocol';
import type { ClientEvent } from './client-event.js';
import { EventStream } from './event-stream.js';
import type { ConnectOptions, DiagnosticsSource, Link, RequestHandler } from './link.js';
import { tooManyPending } from './refusal.js';
import { Run, type RunOptions } from './run.js';
import { RunOrder } from './run-order.js';
import { ThreadHandle } from './thread-handle.js';

/** Params of a request: they can be left out where every field of them can. */
type ParamsArgument<M extends ClientRequestMethod> =
  Record<string, never> extends RequestParams<M> ? [params?: RequestParams<M>] : [params: RequestParams<M>];

/**
 * A client of an app-server, the same for every transport.
 *
 * Three things to know. Read your events: a view holds `channelCapacity` of them, and what does not fit is told as `lagged`. `WouldBlock`
 * means try again: nothing was done. Answer server requests: a turn that waits for one waits until it is answered.
 */
export class Client {
  readonly #link: Link;
  readonly #order = new RunOrder();
  /** Runs that are not over. */
  readonly #tasks = new TaskGroup({ capacity: LIMITS.pendingRequests });
  #isReading = false;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Signals about the server's health, where it runs in this process; `undefined` elsewhere. */
  get diagnostics(): DiagnosticsSource | undefined {
    return this.#link.diagnostics;
  }

  /**
   * Sends a request and waits for its result, without a deadline.
   *
   * Rejects with `ServerError` when the server refuses it, `TransportError` when it could not be delivered (`WouldBlock`: nothing was
   * done) or the connection ended first.
   */
  request<M extends ClientRequestMethod>(method: M, ...params: ParamsArgument<M>): Promise<RequestResult<M>>;
  request(method: string, params: unknown = {}): Promise<unknown> {
    return this.#link.request(method, params);
  }

  /** @throws {TransportError} `WouldBlock` or `BrokenPipe`. */
  notify(method: ClientNotificationMethod, params?: unknown): void {
    this.#link.notify(method, params);
  }

  /** Answers a server request. An answer that is late or not asked for is ignored by the server. */
  respond(requestId: RequestId, result: unknown): void {
    this.#link.respond(requestId, { result });
  }

  /** Refuses a server request. */
  reject(requestId: RequestId, error: RpcErrorObject): void {
    this.#link.respond(requestId, { error });
  }

  /** Has server requests answered by a function instead of showing them as events; `undefined` undoes that. */
  setRequestHandler(handler: RequestHandler | undefined): void {
    this.#link.setRequestHandler(handler);
  }

  /**
   * Everything that happens on this connection, but for the turns of {@link runTurn}. One reader at a time.
   *
   * Leaving the loop pauses the view; the next call goes on where it was left, with a `lagged` event where its bounds did not suffice.
   */
  events(): AsyncIterableIterator<ClientEvent, undefined> {
    if (this.#isReading) throw new Error('events() is being read already; it has one reader at a time');
    this.#isReading = true;
    return new EventStream(this.#link.events, () => {
      this.#isReading = false;
    });
  }

  /**
   * Starts a turn whose events go to a view of their own and not to {@link events}, when the runs of the same thread that were asked
   * for before are over. To say something to a turn that runs, send `turn/steer`.
   */
  runTurn(params: RequestParams<'turn/start'>, options: RunOptions = {}): Run {
    const link = this.#link.openRun();
    const run = new Run(
      params.threadId,
      {
        clock: this.#link.clock,
        link,
        start: () => this.#link.request('turn/start', params, link) as Promise<RequestResult<'turn/start'>>,
        request: (method, ...rest) => this.request(method, ...(rest as never)),
      },
      options,
    );
    const before = this.#order.enter(params.threadId, run.over);
    const spawned = this.#tasks.spawn('run', () => run.live(before));
    if (spawned !== 'spawned') run.refuse(tooManyPending('turn/start'));
    return run;
  }

  /** Starts a thread in the directory that the params name, else in the server's. */
  async startThread(params: RequestParams<'thread/start'> = {}): Promise<ThreadHandle> {
    return this.#handle(await this.request('thread/start', params));
  }

  /** Loads a thread and hears of it from now on. */
  async resumeThread(params: RequestParams<'thread/resume'>): Promise<ThreadHandle> {
    return this.#handle(await this.request('thread/resume', params));
  }

  /** Makes a thread with the history of another one. */
  async forkThread(params: RequestParams<'thread/fork'>): Promise<ThreadHandle> {
    return this.#handle(await this.request('thread/fork', params));
  }

  /** Another connection to the same server, with its own bounded views. */
  async connect(options: ConnectOptions): Promise<Client> {
    return new Client(await this.#link.connect(options));
  }

  /**
   * Begins to end this connection, and the server with it where this client started it: no more requests are taken, turns are
   * interrupted, and the events that are left can be read to their end. Idempotent.
   */
  beginShutdown(): Promise<void> {
    return this.#link.beginShutdown();
  }

  /** Ends what {@link beginShutdown} began, or all of it. Everything acknowledged is saved, nothing is left running. Idempotent. */
  async finishShutdown(): Promise<void> {
    await this.#link.finishShutdown();
    await this.#tasks.settled();
  }

  /** Both steps. Within five seconds by default, whatever hangs. */
  async shutdown(): Promise<void> {
    await this.beginShutdown();
    await this.finishShutdown();
  }

  #handle({ thread }: { readonly thread: { readonly id: string } }): ThreadHandle {
    return new ThreadHandle(this, thread.id);
  }
}
