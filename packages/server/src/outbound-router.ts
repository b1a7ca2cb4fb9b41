import type { Clock, Permit } from '@millrace/channel';
import type { RoomSignal, ThreadEvents, TurnStarter } from '@millrace/core/ports';
import { type NotificationMethod, type NotificationParams, SERVER_NOTIFICATIONS } from '@millrace/protocol';
import type { Connection, Run } from './connection.js';
import { type NotificationEvent, type ServerEvent, turnIdOf } from './server-event.js';
import type { View } from './view.js';

/** Who began a turn, and the slot that was reserved for its end. */
export interface Starter extends TurnStarter {
  readonly connection: Connection;
  readonly view: View;
  readonly end: Permit<ServerEvent>;
  readonly run: Run | undefined;
}

/** A thread as the router sees it. */
interface Topic {
  readonly subscribers: Set<Connection>;
  sequence: number;
}

/**
 * Decides which connections get an event, in which delivery class, and puts it into their views.
 *
 * It is synchronous and never waits (EV-6). Where the consumer that started a turn is full, the turn is given a room signal; every
 * other consumer that is full falls behind alone.
 */
export class OutboundRouter implements ThreadEvents {
  readonly #clock: Clock;
  readonly #connections = new Set<Connection>();
  readonly #topics = new Map<string, Topic>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  // ---- Who listens ----------------------------------------------------------------------------------------------------

  /** Makes a connection known. It gets nothing before it is initialized. */
  attach(connection: Connection): void {
    this.#connections.add(connection);
  }

  detach(connection: Connection): void {
    this.#connections.delete(connection);
    for (const topic of this.#topics.values()) topic.subscribers.delete(connection);
  }

  subscribe(connection: Connection, threadId: string): void {
    this.#topic(threadId).subscribers.add(connection);
  }

  /** Returns whether it was subscribed. */
  unsubscribe(connection: Connection, threadId: string): boolean {
    return this.#topics.get(threadId)?.subscribers.delete(connection) ?? false;
  }

  isSubscribed(connection: Connection, threadId: string): boolean {
    return this.#topics.get(threadId)?.subscribers.has(connection) ?? false;
  }

  subscribers(threadId: string): Iterable<Connection> {
    return this.#topics.get(threadId)?.subscribers ?? [];
  }

  /** The number of the last event of the thread; a snapshot made now contains everything up to it. */
  sequenceOf(threadId: string): number {
    return this.#topics.get(threadId)?.sequence ?? 0;
  }

  /** Forgets a thread that is not loaded any more. */
  forget(threadId: string): void {
    this.#topics.delete(threadId);
  }

  // ---- Events out -----------------------------------------------------------------------------------------------------

  emit<M extends NotificationMethod>(
    threadId: string,
    method: M,
    params: NotificationParams<M>,
    turn?: { readonly starter: TurnStarter; readonly force?: boolean },
  ): RoomSignal | undefined {
    const row = SERVER_NOTIFICATIONS[method];
    const topic = this.#topic(threadId);
    const event: NotificationEvent<M> = {
      type: 'notification',
      method,
      params,
      emittedAtMs: this.#clock.now(),
      threadId,
      sequence: topic.sequence + 1,
    };
    const starter = turn?.starter as Starter | undefined;
    let served: View | undefined;
    const isExperimental = row.experimental === true;
    if (
      starter !== undefined &&
      isReached(starter, topic) &&
      starter.connection.wants(method, isExperimental)
    ) {
      served = starter.view;
      if (row.delivery === 'lossless') {
        if (served.offer(event, 'lossless') === 'full') {
          if (turn?.force !== true && served.mayHoldUp) return served;
          served.skip(event);
        }
      } else if (method === 'turn/completed') starter.end.send(event);
      else served.deliver(event, row.delivery);
    }
    topic.sequence = event.sequence;
    const receivers = row.scope === 'everyone' ? this.#connections : topic.subscribers;
    for (const connection of receivers) {
      if (!connection.wants(method, isExperimental)) continue;
      const view = connection.runs.size === 0 ? connection.view : connection.viewOf(turnIdOf(params));
      if (view !== served) view.deliver(event, row.delivery);
    }
    if (method === 'turn/completed') this.#endRuns(starter, params);
    return undefined;
  }

  /** Tells every connection something that belongs to no thread. */
  broadcast<M extends NotificationMethod>(method: M, params: NotificationParams<M>): void {
    for (const connection of this.#connections) this.tell(connection, method, params);
  }

  /** Tells one connection something that belongs to no thread. */
  tell<M extends NotificationMethod>(connection: Connection, method: M, params: NotificationParams<M>): void {
    const row = SERVER_NOTIFICATIONS[method];
    if (!connection.wants(method, row.experimental === true)) return;
    connection.view.deliver(this.#apart(method, params), row.delivery);
  }

  /** Like {@link tell}, but where the view has no room nothing is done: then `'full'`. */
  offer<M extends NotificationMethod>(
    connection: Connection,
    method: M,
    params: NotificationParams<M>,
  ): 'taken' | 'full' {
    const row = SERVER_NOTIFICATIONS[method];
    if (!connection.wants(method, row.experimental === true)) return 'taken';
    return connection.view.offer(this.#apart(method, params), row.delivery);
  }

  /** Tells one connection the end that a slot of its view was taken for. */
  tellEnd<M extends NotificationMethod>(
    connection: Connection,
    end: Permit<ServerEvent>,
    method: M,
    params: NotificationParams<M>,
  ): void {
    const isWanted = connection.wants(method, SERVER_NOTIFICATIONS[method].experimental === true);
    if (isWanted) end.send(this.#apart(method, params));
    else end.release();
  }

  /** An event that belongs to no thread. */
  #apart<M extends NotificationMethod>(method: M, params: NotificationParams<M>): NotificationEvent<M> {
    const emittedAtMs = this.#clock.now();
    return { type: 'notification', method, params, emittedAtMs, threadId: undefined, sequence: 0 };
  }

  /** The views of the turn end with it, after its last event; a slot that was not used is given back. */
  #endRuns(starter: Starter | undefined, ended: unknown): void {
    const turnId = turnIdOf(ended) ?? '';
    starter?.end.release();
    starter?.connection.endRun(turnId, ended);
    // A run that joined the turn may belong to a connection that is not subscribed.
    for (const connection of this.#connections) connection.endRun(turnId, ended);
  }

  #topic(threadId: string): Topic {
    let topic = this.#topics.get(threadId);
    if (topic === undefined) {
      topic = { subscribers: new Set(), sequence: 0 };
      this.#topics.set(threadId, topic);
    }
    return topic;
  }
}

/** Whether the starter is still there for the events of its turn: it neither left nor unsubscribed. */
function isReached({ run, connection }: Starter, { subscribers }: Topic): boolean {
  return run !== undefined || subscribers.has(connection);
}
