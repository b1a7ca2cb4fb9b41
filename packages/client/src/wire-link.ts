import {
  Channel,
  type Clock,
  createDeferred,
  type Deferred,
  PendingRequests,
  TaskGroup,
} from '@millrace/channel';
import {
  isNotificationMethod,
  LIMITS,
  legacyDelivery,
  type RequestId,
  RPC_ERROR_CODES,
  type RpcErrorObject,
  SERVER_NOTIFICATIONS,
  type Thread,
  type Turn,
} from '@millrace/protocol';
import type { MessageTransport } from '@millrace/transport';
import { ServerError, TransportError } from './errors.js';
import type { ConnectOptions, EventSource, Link, RequestHandler, RunLink } from './link.js';
import { notSent, tooManyPending } from './refusal.js';
import { readWireMessage, type WireMessage } from './wire-message.js';
import type { WireRun } from './wire-run.js';
import type { WireEvent, WireView } from './wire-view.js';
import { resyncedEvent, WireViews } from './wire-views.js';

/** Messages that go to the transport in one write. */
const WRITE_BATCH = 64;

export interface WireLinkOptions {
  readonly clock: Clock;
  readonly transport: MessageTransport;
  /** Events that may wait in each view, and messages in the queue. */
  readonly channelCapacity: number;
  /** Where events go; views of its own when absent. Those that are given stay open when the connection ends. */
  readonly views?: WireViews;
  /** Told once why the connection ended, after everybody who waited for it. */
  readonly onEnd?: (failure: TransportError) => void;
  /** Another connection to the same server, its handshake done. */
  readonly connect: (options: ConnectOptions) => Promise<Link>;
  /** Why the peer is gone, where something is known of that. */
  readonly explain: () => string | undefined;
  /** Tells the peer that nothing more will be written. */
  readonly endInput: () => void;
  /** Ends the peer and waits until it is gone. Never rejects. */
  readonly finish: () => Promise<void>;
}

/** A request that waits for its answer. */
interface Asked {
  readonly method: string;
  /** Called in the tick in which the answer is read, so before anything that stands behind it. */
  readonly onResult: ((result: unknown, characters: number) => void) | undefined;
}

/**
 * A client over a byte transport: a bounded queue there, a table of waiting requests and views back.
 *
 * A full view holds up the peer: nothing more is read from the wire until its consumer has made room. Only while this client waits for
 * an answer itself it reads on; then what finds no room is skipped, told as `lagged`, and healed by the state of the thread.
 *
 * The first thing that goes wrong ends the connection, and every request, run and view is told of that same cause within one
 * macrotask (RQ-6).
 */
export class WireLink implements Link {
  readonly diagnostics = undefined;
  readonly #options: WireLinkOptions;
  readonly #outgoing: Channel<string>;
  readonly #pending = new PendingRequests<unknown>({ capacity: LIMITS.pendingRequests });
  /** By the slot of its id. */
  readonly #asked: Asked[] = [];
  readonly #views: WireViews;
  readonly #tasks = new TaskGroup({ onFailure: ({ error }) => this.#fail(error) });
  #handler: RequestHandler | undefined;
  #failure: TransportError | undefined;
  #isClosing = false;
  /** Resolved when the reader must not be held up any longer. */
  #hurry: Deferred<void> | undefined;

  constructor(options: WireLinkOptions) {
    this.#options = options;
    this.#views = options.views ?? new WireViews(options.channelCapacity);
    this.#views.onLagRead = (view, threadId) => this.#heal(view, threadId);
    this.#outgoing = new Channel<string>({
      capacity: options.channelCapacity,
      maxBytes: LIMITS.requestQueueBytes,
      sizeOf: (text) => 2 * text.length,
    });
    this.#tasks.spawn('writer', () => this.#write());
    this.#tasks.spawn('reader', () => this.#read());
  }

  // ---- What a client asks for ------------------------------------------------------------------------------------------

  /** Why the connection ended; undefined while it lasts. */
  get failure(): TransportError | undefined {
    return this.#failure;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get events(): EventSource {
    return this.#views.main;
  }

  request(method: string, params: unknown, run?: RunLink): Promise<unknown> {
    if (run === undefined) return this.#ask(method, params, undefined);
    return this.#ask(method, params, (result) => {
      const { turn } = (result ?? {}) as { readonly turn?: Turn };
      const { threadId } = params as { readonly threadId: string };
      if (turn !== undefined) this.#views.begin(turn.id, threadId, run as WireRun);
    });
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params }, method);
  }

  respond(id: RequestId, answer: { readonly result: unknown } | { readonly error: RpcErrorObject }): void {
    this.#send({ id, ...answer }, 'respond');
  }

  openRun(): RunLink {
    return this.#views.openRun();
  }

  setRequestHandler(handler: RequestHandler | undefined): void {
    this.#handler = handler;
  }

  /**
   * Subscribes to a thread and shows its state to all who follow it, before anything that happens after it. Rejects with what kept it
   * from that.
   */
  async resync(threadId: string): Promise<void> {
    await this.#ask('thread/resume', { threadId }, (result, characters) => {
      const { thread } = (result ?? {}) as { readonly thread?: Thread };
      if (thread !== undefined) this.#views.resync(thread, characters);
    });
  }

  connect(options: ConnectOptions): Promise<Link> {
    return this.#options.connect(options);
  }

  async beginShutdown(): Promise<void> {
    this.#isClosing = true;
    this.#outgoing.close();
    this.#hurry?.resolve();
  }

  async finishShutdown(): Promise<void> {
    await this.beginShutdown();
    await this.#options.finish();
    await this.#options.transport.close();
    this.#end(new TransportError('BrokenPipe', 'request'));
    this.#tasks.close();
    await this.#tasks.settled();
  }

  // ---- Out ---------------------------------------------------------------------------------------------------------------

  #ask(method: string, params: unknown, onResult: Asked['onResult']): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const open = this.#pending.open();
    if (open === 'closed') return Promise.reject(new TransportError('BrokenPipe', method));
    if (open === 'full') return Promise.reject(tooManyPending(method));
    const { id, promise } = open;
    this.#asked[id % LIMITS.pendingRequests] = { method, onResult };
    const sent = this.#outgoing.trySend(JSON.stringify({ method, id, params }));
    if (sent !== 'sent') this.#pending.fail(id, notSent(sent, method));
    this.#hurry?.resolve();
    return promise;
  }

  #send(message: unknown, method: string): void {
    if (this.#failure !== undefined) throw this.#failure;
    const sent = this.#outgoing.trySend(JSON.stringify(message));
    if (sent !== 'sent') throw notSent(sent, method);
  }

  async #write(): Promise<void> {
    for (;;) {
      const batch = await this.#outgoing.receiveBatch(WRITE_BATCH);
      if (batch.length === 0) break;
      await this.#options.transport.write(batch);
    }
    this.#options.endInput();
  }

  // ---- In ----------------------------------------------------------------------------------------------------------------

  async #read(): Promise<void> {
    for await (const batch of this.#options.transport.incoming) {
      for (const incoming of batch) {
        if (incoming.type === 'tooLong') {
          const detail = `the server sent a message of more than ${incoming.limitBytes} bytes`;
          throw new TransportError('InvalidData', 'receive', { detail });
        }
        if (incoming.type === 'binary') continue; // Nobody says anything in these.
        const message = readWireMessage(incoming.text);
        const held = message && this.#take(message, incoming.text.length);
        if (held !== undefined) await held;
      }
    }
    this.#fail(undefined);
  }

  /** Takes one message; a promise means that nothing more is to be read before it resolves. */
  #take(message: WireMessage, characters: number): Promise<void> | undefined {
    switch (message.type) {
      case 'result':
      case 'error':
        this.#settle(message, characters);
        return undefined;
      case 'unknownRequest': {
        const text = `unsupported request: ${message.method}`;
        const error = { code: RPC_ERROR_CODES.methodNotFound, message: text };
        this.#tasks.spawn('refusal', () => this.#reply(message.id, { error }));
        return undefined;
      }
      case 'request': {
        const { event } = message;
        if (this.#handler === undefined) this.#views.of(event).deliver({ event, characters });
        else this.#tasks.spawn('request handler', () => this.#answer(message));
        return undefined;
      }
      case 'notification':
        return this.#notice(message, characters);
    }
  }

  #settle(answer: WireMessage & { readonly type: 'result' | 'error' }, characters: number): void {
    const id = Number(answer.id);
    const asked = this.#asked[id % LIMITS.pendingRequests];
    if (answer.type === 'error') {
      this.#pending.fail(id, new ServerError(asked?.method ?? '', answer.error));
    } else if (this.#pending.settle(id, answer.result)) asked?.onResult?.(answer.result, characters);
  }

  #notice(
    { method, event }: WireMessage & { readonly type: 'notification' },
    characters: number,
  ): Promise<void> | undefined {
    const view = this.#views.of(event);
    if (isReserved(method)) view.deliver({ event, characters });
    else if (view.offer({ event, characters }) === 'full') return this.#hold(view, { event, characters });
    if (method === 'turn/completed')
      this.#views.end((event as { readonly params: { readonly turn: Turn } }).params.turn);
    return undefined;
  }

  /** The view is full: the peer waits for its consumer, unless this client waits for the peer. */
  async #hold(view: WireView, event: WireEvent): Promise<void> {
    const abort = new AbortController();
    try {
      while (view.mayHoldUp && this.#pending.size === 0 && !this.#isClosing && this.#failure === undefined) {
        this.#hurry = createDeferred<void>();
        await Promise.race([view.whenRoom(abort.signal), this.#hurry.promise]);
        if (view.offer(event) === 'taken') return;
      }
      view.skip(event);
    } finally {
      this.#hurry = undefined;
      abort.abort();
    }
  }

  /** Shows the state of a thread of which events are missing. It stands where the state was made, among the events before and after it. */
  #heal(view: WireView, threadId: string): void {
    const read = this.#ask('thread/read', { threadId, includeTurns: true }, (result, characters) => {
      const { thread } = (result ?? {}) as { readonly thread?: Thread };
      if (thread !== undefined) view.replace({ event: resyncedEvent(thread), characters });
    });
    read.catch(() => {}); // A thread that cannot be read any more, such as a deleted one, has no state to show.
  }

  async #answer({ id, event }: WireMessage & { readonly type: 'request' }): Promise<void> {
    let answer: object;
    try {
      answer = { result: (await this.#handler?.(event as Parameters<RequestHandler>[0])) ?? null };
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : 'the handler failed';
      answer = { error: { code: RPC_ERROR_CODES.internal, message } };
    }
    await this.#reply(id, answer);
  }

  /** An answer waits for its place: a turn that is never answered would never end. */
  async #reply(id: RequestId, answer: object): Promise<void> {
    await this.#outgoing.send(JSON.stringify({ id, ...answer }));
  }

  // ---- The end -------------------------------------------------------------------------------------------------------------

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    if (this.#isClosing) {
      this.#end(new TransportError('BrokenPipe', 'request'));
      return;
    }
    const failure = cause instanceof TransportError ? cause : this.#aborted(cause);
    if (this.#options.views === undefined) this.#views.disconnect(failure.message);
    this.#end(failure);
  }

  #aborted(cause: unknown): TransportError {
    const detail = this.#options.explain();
    return new TransportError(
      'ConnectionAborted',
      'receive',
      detail === undefined ? { cause } : { detail, cause },
    );
  }

  /** Tells everybody who waits, once. */
  #end(failure: TransportError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#outgoing.dispose();
    this.#pending.failAll(failure);
    if (this.#options.views === undefined) this.#views.close(failure);
    this.#hurry?.resolve();
    this.#options.onEnd?.(failure);
  }
}

function isReserved(method: string): boolean {
  const delivery = isNotificationMethod(method)
    ? SERVER_NOTIFICATIONS[method].delivery
    : legacyDelivery(method);
  return delivery === 'reserved';
}
