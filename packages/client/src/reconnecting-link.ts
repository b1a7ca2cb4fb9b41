import { type Clock, Deadline, sleep, TaskGroup } from '@millrace/channel';
import { LIMITS, type RequestId, type RpcErrorObject } from '@millrace/protocol';
import { ServerError, TransportError } from './errors.js';
import { FollowedThreads } from './followed-threads.js';
import type { ConnectOptions, EventSource, Link, RequestHandler, RunLink } from './link.js';
import type { WireLink } from './wire-link.js';
import type { WireViews } from './wire-views.js';

export interface ReconnectingLinkOptions {
  readonly clock: Clock;
  /** From 0 to below 1, for the time between attempts. */
  readonly random: () => number;
  /** Milliseconds from the loss of a connection to giving it up. */
  readonly reconnectMs: number;
  /** The views that outlive the connections. */
  readonly views: WireViews;
  /** One connection into these views, its handshake done. Rejects when the signal is aborted. */
  readonly dial: (onEnd: (failure: TransportError) => void, signal: AbortSignal) => Promise<WireLink>;
  /** Another client of the same server. */
  readonly connect: (options: ConnectOptions) => Promise<Link>;
}

/**
 * A client over connections that are made again when they are lost.
 *
 * Whatever waits for an answer fails when the connection is lost, and is never sent again: what it did is not known. Threads that this
 * client follows are resumed, and the state of each is shown as `resynced`; runs whose turns had begun go on, or end as the server says.
 * In between every call is refused with `WouldBlock`: nothing was done.
 */
export class ReconnectingLink implements Link {
  readonly diagnostics = undefined;
  readonly #options: ReconnectingLinkOptions;
  readonly #tasks = new TaskGroup({ onFailure: ({ error }) => this.#giveUp(error) });
  readonly #followed = new FollowedThreads();
  #link: WireLink | undefined;
  #handler: RequestHandler | undefined;
  #isClosing = false;

  private constructor(options: ReconnectingLinkOptions) {
    this.#options = options;
  }

  /** Rejects as the first connection does; only later ones are made again. */
  static async start(options: ReconnectingLinkOptions): Promise<ReconnectingLink> {
    const reconnecting = new ReconnectingLink(options);
    reconnecting.#use(await reconnecting.#dial(reconnecting.#tasks.signal));
    return reconnecting;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get events(): EventSource {
    return this.#options.views.main;
  }

  async request(method: string, params: unknown, run?: RunLink): Promise<unknown> {
    const result = await this.#current(method).request(method, params, run);
    this.#followed.note(method, params, result);
    return result;
  }

  notify(method: string, params: unknown): void {
    this.#current(method).notify(method, params);
  }

  respond(id: RequestId, answer: { readonly result: unknown } | { readonly error: RpcErrorObject }): void {
    this.#current('respond').respond(id, answer);
  }

  openRun(): RunLink {
    return this.#options.views.openRun();
  }

  setRequestHandler(handler: RequestHandler | undefined): void {
    this.#handler = handler;
    this.#link?.setRequestHandler(handler);
  }

  connect(options: ConnectOptions): Promise<Link> {
    return this.#options.connect(options);
  }

  async beginShutdown(): Promise<void> {
    this.#isClosing = true;
    this.#tasks.abort(closed('request'));
    await this.#link?.beginShutdown();
  }

  async finishShutdown(): Promise<void> {
    await this.beginShutdown();
    await this.#tasks.settled();
    await this.#link?.finishShutdown();
    this.#options.views.close(closed('request'));
  }

  // ---- Connections -------------------------------------------------------------------------------------------------------

  /** @throws {TransportError} `WouldBlock` while there is none, `BrokenPipe` when there will be none. */
  #current(method: string): WireLink {
    if (this.#link !== undefined) return this.#link;
    if (this.#isClosing) throw closed(method);
    throw new TransportError('WouldBlock', method, { detail: 'the connection is being made again' });
  }

  async #dial(signal: AbortSignal): Promise<WireLink> {
    let dialed: WireLink | undefined;
    dialed = await this.#options.dial((failure) => {
      if (dialed !== undefined && dialed === this.#link) this.#lose(failure);
    }, signal);
    return dialed;
  }

  #use(link: WireLink): void {
    this.#link = link;
    link.setRequestHandler(this.#handler);
    if (link.failure !== undefined) this.#lose(link.failure);
  }

  #lose(failure: TransportError): void {
    if (this.#isClosing) return;
    this.#link = undefined;
    const { message } = failure;
    const event = { type: 'reconnecting', message } as const;
    this.#options.views.main.replace({ event, characters: message.length });
    this.#tasks.spawn('reconnect', (signal) => this.#reconnect(failure, signal));
  }

  async #reconnect(failure: TransportError, signal: AbortSignal): Promise<void> {
    const { clock, random, reconnectMs } = this.#options;
    const deadline = Deadline.after(clock, reconnectMs);
    let cause: unknown = failure;
    for (let longestMs: number = LIMITS.reconnectBaseDelayMs; ; longestMs *= 2) {
      const delayMs = random() * Math.min(longestMs, LIMITS.reconnectMaxDelayMs);
      if (delayMs >= deadline.remainingMs) break;
      await sleep(clock, delayMs, signal);
      try {
        const link = await this.#dial(signal);
        this.#use(link);
        await this.#resume(link, signal);
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        cause = error;
      }
    }
    const detail = `${failure.message}; not reached again within ${reconnectMs} ms: ${messageOf(cause)}`;
    this.#giveUp(new TransportError('ConnectionAborted', 'receive', { detail, cause }));
  }

  /** Resumes what was followed. Whatever the server refuses is lost; when the connection is, the next one begins anew. */
  async #resume(link: WireLink, signal: AbortSignal): Promise<void> {
    const lost: { readonly threadId: string; readonly message: string }[] = [];
    for (const threadId of this.#followed.ids) {
      const refusal = await this.#resync(link, threadId, signal);
      if (link !== this.#link) return;
      if (refusal === undefined) continue;
      this.#followed.forget(threadId);
      this.#options.views.lose(threadId, refusal);
      lost.push({ threadId, message: refusal.message });
    }
    const characters = lost.reduce((sum, { message }) => sum + message.length, 0);
    this.#options.views.main.replace({ event: { type: 'reconnected', lost }, characters });
  }

  /** Resolves with the server's refusal, if it refuses. */
  async #resync(link: WireLink, threadId: string, signal: AbortSignal): Promise<ServerError | undefined> {
    for (;;) {
      try {
        await link.resync(threadId);
        return undefined;
      } catch (error) {
        if (error instanceof ServerError && !error.retryable) return error;
        if (link.failure !== undefined) return undefined;
        await sleep(this.#options.clock, LIMITS.retryAfterMs, signal);
      }
    }
  }

  #giveUp(error: unknown): void {
    this.#isClosing = true;
    this.#options.views.disconnect(messageOf(error));
    this.#options.views.close(error);
  }
}

function closed(method: string): TransportError {
  return new TransportError('BrokenPipe', method);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
