import type { Clock, Permit } from '@millrace/channel';
import type { QuestionOutcome, ThreadQuestions } from '@millrace/core/ports';
import {
  LIMITS,
  type RequestId,
  type RpcErrorObject,
  SERVER_REQUESTS,
  type ServerRequestMethod,
  type ServerRequestParams,
  type ServerRequestRow,
} from '@millrace/protocol';
import type { Connection } from './connection.js';
import type { Diagnostics } from './diagnostics.js';
import type { OutboundRouter } from './outbound-router.js';
import { type NotificationEvent, type RequestEvent, type ServerEvent, turnIdOf } from './server-event.js';

/** A server request that has not been settled. `pending → answered | expired | cancelled | disconnected | shutdown`. */
interface Pending {
  readonly event: RequestEvent;
  /** The connections it was sent to, each with the slot for `serverRequest/resolved`; none where a handler answers. */
  readonly owners: Map<Connection, Permit<ServerEvent> | undefined>;
  readonly settle: (outcome: QuestionOutcome) => void;
}

/**
 * The server's questions to its clients: approvals and the like.
 *
 * Registered before they are sent, with the slots for themselves and their resolution, so a full queue can neither refuse them nor
 * look like a user's "no". First answer wins (AP-6); answers of connections that were not asked are refused. They survive a
 * disconnect and are replayed to whoever resumes the thread, in the order of their ids.
 */
export class ServerRequests implements ThreadQuestions {
  readonly #router: OutboundRouter;
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  readonly #answerTimeoutMs: number | undefined;
  readonly #pending = new Map<RequestId, Pending>();
  #nextId = 0;
  #isShutDown = false;

  constructor(options: {
    readonly router: OutboundRouter;
    readonly clock: Clock;
    readonly diagnostics: Diagnostics;
    /** Milliseconds after which a question that nobody answered expires (AP-7); without it a question waits as long as its turn. */
    readonly answerTimeoutMs?: number | undefined;
  }) {
    this.#router = options.router;
    this.#clock = options.clock;
    this.#diagnostics = options.diagnostics;
    this.#answerTimeoutMs = options.answerTimeoutMs;
  }

  get size(): number {
    return this.#pending.size;
  }

  async ask<M extends ServerRequestMethod>(
    threadId: string,
    method: M,
    params: ServerRequestParams<M>,
    signal: AbortSignal,
  ): Promise<QuestionOutcome> {
    if (this.#isShutDown) return { type: 'shutdown' };
    if (signal.aborted) return { type: 'cancelled' };
    if (this.pendingOf(threadId).length >= LIMITS.pendingServerRequests)
      return { type: 'refused', message: 'too many pending server requests' };
    return new Promise((resolve) => {
      const id = this.#nextId++;
      const event: RequestEvent<M> = { type: 'request', id, method, params, threadId };
      const onAbort = (): void => pending.settle({ type: 'cancelled' });
      const pending: Pending = {
        event,
        owners: new Map(),
        settle: (outcome) => {
          if (!this.#pending.delete(id)) return;
          signal.removeEventListener('abort', onAbort);
          cancelDeadline();
          this.#announceResolved(pending);
          resolve(outcome);
        },
      };
      this.#pending.set(id, pending);
      const cancelDeadline = this.#expireInTime(pending);
      signal.addEventListener('abort', onAbort, { once: true });
      for (const connection of this.#router.subscribers(threadId)) this.#send(pending, connection, signal);
    });
  }

  /** Sends the thread's open questions, oldest first, to a connection that has just subscribed. */
  replay(connection: Connection, threadId: string): void {
    for (const pending of this.#pending.values()) {
      if (pending.event.threadId === threadId && !pending.owners.has(connection))
        this.#send(pending, connection);
    }
  }

  /** The open questions of a thread, oldest first. */
  pendingOf(threadId: string): readonly RequestEvent[] {
    return [...this.#pending.values()]
      .map(({ event }) => event)
      .filter((event) => event.threadId === threadId);
  }

  /** An answer came in. One that is late, unknown, or not the sender's to give changes nothing and is counted (RQ-7). */
  answer(
    connection: Connection,
    id: RequestId,
    answer: { readonly result: unknown } | { readonly error: RpcErrorObject },
  ): void {
    const pending = this.#pending.get(id);
    if (pending === undefined || !pending.owners.has(connection)) {
      this.#diagnostics.emit('lateAnswer', { connection: connection.id });
      return;
    }
    if ('error' in answer) pending.settle({ type: 'refused', message: answer.error.message });
    else pending.settle({ type: 'answered', result: answer.result });
  }

  /** The connection is gone. What it was asked stays open for others. */
  disconnect(connection: Connection): void {
    for (const pending of this.#pending.values()) {
      pending.owners.get(connection)?.release();
      pending.owners.delete(connection);
    }
  }

  /** Settles everything, and refuses what comes later. Idempotent. */
  shutdown(): void {
    this.#isShutDown = true;
    for (const pending of [...this.#pending.values()]) pending.settle({ type: 'shutdown' });
  }

  #expireInTime({ settle }: Pending): () => void {
    const delayMs = this.#answerTimeoutMs;
    return delayMs === undefined
      ? () => {}
      : this.#clock.schedule(delayMs, () => settle({ type: 'expired' }));
  }

  #send(pending: Pending, connection: Connection, signal?: AbortSignal): void {
    if (connection.state !== 'initialized') return;
    if (connection.requestHandler !== undefined) {
      pending.owners.set(connection, undefined);
      void this.#askHandler(pending, connection);
      return;
    }
    const view = connection.viewOf(turnIdOf(pending.event.params));
    const permits = view.tryReserveMany(slotsFor(pending));
    if (permits === 'closed') return;
    if (permits === 'full') {
      void this.#sendWhenRoom(pending, connection, signal);
      return;
    }
    const [request, resolved] = permits;
    pending.owners.set(connection, resolved);
    request?.send(pending.event);
  }

  /** Nothing has started yet while it waits; the turn that asks is held up by the question anyway. */
  async #sendWhenRoom(
    pending: Pending,
    connection: Connection,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    try {
      await connection.viewOf(turnIdOf(pending.event.params)).whenSlots(slotsFor(pending), signal);
    } catch {
      return; // The turn ended: the question is settled already.
    }
    if (this.#pending.has(pending.event.id) && !pending.owners.has(connection))
      this.#send(pending, connection, signal);
  }

  async #askHandler(pending: Pending, connection: Connection): Promise<void> {
    try {
      const result: unknown = await connection.requestHandler?.(pending.event);
      this.answer(connection, pending.event.id, { result });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.answer(connection, pending.event.id, { error: { code: -1, message } });
    }
  }

  #announceResolved({ event, owners }: Pending): void {
    const resolved: NotificationEvent<'serverRequest/resolved'> = {
      type: 'notification',
      method: 'serverRequest/resolved',
      params: { threadId: event.threadId, requestId: event.id },
      emittedAtMs: this.#clock.now(),
      threadId: event.threadId,
      sequence: this.#router.sequenceOf(event.threadId),
    };
    for (const [connection, permit] of owners) {
      if (connection.wants('serverRequest/resolved', false)) permit?.send(resolved);
      else permit?.release();
    }
  }
}

/** One slot for the request itself, and one for its resolution where that is announced. */
function slotsFor({ event }: Pending): number {
  return isSilent(event) ? 1 : 2;
}

function isSilent({ method }: RequestEvent): boolean {
  const row: ServerRequestRow = SERVER_REQUESTS[method];
  return row.isSilent === true;
}
