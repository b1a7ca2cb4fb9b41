import type { Clock, Permit } from '@millrace/channel';
import type { RoomSignal, ThreadEvents, TurnStarter } from '@millrace/core/ports';
import { type NotificationMethod, type NotificationParams, SERVER_NOTIFICATIONS } from '@millrace/protocol';
import type { Connection, Run } from './connection.js';
import { type NotificationEvent, type ServerEvent, turnIdOf } from './server-event.js';
import { Topic } from './topic.js';
import type { View } from './view.js';

/** Who began a turn, and the slot that was reserved for its end. */
export interface Starter extends TurnStarter {
  readonly connection: Connection;
  readonly view: View;
  readonly end: Permit<ServerEvent>;
  readonly run: Run | undefined;
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
  /** One for each loaded thread, from its first subscription on. */
  readonly #topics = new Map<string, Topic>();
  #onUnheard: () => void = () => {};

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
    for (const topic of this.#topics.values()) this.#leave(topic, connection);
  }

  /** A connection that is gone meanwhile is not kept. */
  subscribe(connection: Connection, threadId: string): void {
    const topic = this.#topic(threadId);
    if (this.#connections.has(connection)) topic.subscribers.add(connection);
    else if (topic.subscribers.size === 0) this.#onUnheard();
  }

  /** Returns whether it was subscribed. */
  unsubscribe(connection: Connection, threadId: string): boolean {
    const topic = this.#topics.get(threadId);
    return topic !== undefined && this.#leave(topic, connection);
  }

  /**
   * Since when nobody listens to a thread, in milliseconds of the monotonic clock; undefined while somebody does. A thread that is so new
   * that nobody could subscribe yet counts as listened to: so none is unloaded before its first listener came.
   */
  unheardSinceMs(threadId: string): number | undefined {
    return this.#topics.get(threadId)?.unheardSinceMs;
  }

  /** Whether there is a thread that nobody listens to. */
  get isSomeUnheard(): boolean {
    return [...this.#topics.values()].some(({ subscribers }) => subscribers.size === 0);
  }

  /** Has `listener` called whenever nobody listens to a thread any more. */
  whenUnheard(listener: () => void): void {
    this.#onUnheard = listener;
  }

  isSubscribed(connection: Connection, threadId: string): boolean {
    return this.#topics.get(threadId)?.subscribers.has(connection) ?? false;
  }

  subscribers(threadId: string): Iterable<Connection> {
    return this.#topics.get(threadId)?.subscribers ?? [];
  }

  /** The threads that a connection is subscribed to, oldest subscription of the server first. */
  subscriptions(connection: Connection): string[] {
    return [...this.#topics].filter(([, { subscribers }]) => subscribers.has(connection)).map(([id]) => id);
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
    const topic = this.#topics.get(threadId);
    const event: NotificationEvent<M> = {
      type: 'notification',
      method,
      params,
      emittedAtMs: this.#clock.now(),
      threadId,
      sequence: (topic?.sequence ?? 0) + 1,
    };
    const starter = turn?.starter as Starter | undefined;
    const isExperimental = row.experimental === true;
    const isServed = isReached(starter, topic) && starter.connection.wants(method, isExperimental);
    const served = isServed ? starter.view : undefined;
    if (isServed && serve(starter, event, turn?.force === true) === 'full') return served;
    if (topic !== undefined) topic.sequence = event.sequence;
    const receivers = row.scope === 'everyone' ? this.#connections : (topic?.subscribers ?? []);
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

  #leave(topic: Topic, connection: Connection): boolean {
    const wasSubscribed = topic.unsubscribe(connection);
    if (wasSubscribed && topic.subscribers.size === 0) this.#onUnheard();
    return wasSubscribed;
  }

  #topic(threadId: string): Topic {
    let topic = this.#topics.get(threadId);
    if (topic === undefined) {
      topic = new Topic(this.#clock);
      this.#topics.set(threadId, topic);
    }
    return topic;
  }
}

/** Puts an event of its turn into the starter's view. `'full'` means that the turn should wait, and nothing was done. */
function serve({ view, end }: Starter, event: NotificationEvent, isForced: boolean): 'taken' | 'full' {
  const { delivery } = SERVER_NOTIFICATIONS[event.method];
  if (event.method === 'turn/completed') end.send(event);
  else if (delivery !== 'lossless') view.deliver(event, delivery);
  else if (view.offer(event, 'lossless') === 'full') {
    if (!isForced && view.mayHoldUp) return 'full';
    view.skip(event);
  }
  return 'taken';
}

/** Whether the starter is still there for the events of its turn: it neither left nor unsubscribed. */
function isReached(starter: Starter | undefined, topic: Topic | undefined): starter is Starter {
  if (starter === undefined) return false;
  return starter.run !== undefined || topic?.subscribers.has(starter.connection) === true;
}
