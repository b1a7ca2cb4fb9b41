import { Channel, type Clock, createDeferred, Lagged, Resynced, TaskGroup } from '@millrace/channel';
import { snapshotThread, type ThreadRegistry } from '@millrace/core';
import { LIMITS, newThread } from '@millrace/protocol';
import type { MessageTransport } from '@millrace/transport';
import { ByteBudget } from './byte-budget.js';
import { Connection, type Inbound, type Replies, type Run } from './connection.js';
import type { Diagnostics } from './diagnostics.js';
import type { InProcessConnection } from './in-process-connection.js';
import { MessageProcessor } from './message-processor.js';
import { kindOf, type ServerEvent, turnIdOf } from './server-event.js';
import type { Services } from './services.js';
import { Shutdown, type ShutdownStep } from './shutdown.js';
import { inboundBytes } from './text-bytes.js';
import type { ThreadResync } from './thread-resync.js';
import { View, type ViewOptions } from './view.js';
import { readPeer, WireReplies, writePeer } from './wire-connection.js';

export interface ServerOptions {
  readonly services: Services;
  /** Milliseconds for the whole shutdown. */
  readonly shutdownGraceMs: number;
  /** What the runtime closes once no turn runs any more: the store, the processes. */
  readonly closeSteps: readonly ShutdownStep[];
}

export interface ConnectionOptions {
  /** Events that may wait in each view, and requests in the queue; clamped to at least 1. */
  readonly channelCapacity: number;
  readonly slowConsumerGraceMs: number;
}

/** Serves connections, in process and over bytes, until it is shut down. */
export class Server {
  readonly #services: Services;
  readonly #processor: MessageProcessor;
  readonly #tasks: TaskGroup;
  readonly #connections = new Map<Connection, () => void>();
  readonly #shutdown: Shutdown;
  #nextConnectionId = 0;

  constructor({ services, shutdownGraceMs, closeSteps }: ServerOptions) {
    this.#services = services;
    this.#processor = new MessageProcessor(services);
    const { clock, diagnostics } = services;
    this.#tasks = new TaskGroup({
      onFailure: ({ name, error }) => diagnostics.emit('fault', { where: name, error }),
    });
    this.#shutdown = new Shutdown({
      clock,
      diagnostics,
      graceMs: shutdownGraceMs,
      begin: [
        step('stop intake', () => this.#stopIntake()),
        step('interrupt turns', (deadline) => services.threads.shutdown(deadline)),
        step('settle server requests', async () => {
          services.requests.shutdown();
          this.#sayFarewell();
        }),
      ],
      finish: [
        ...closeSteps,
        step('finish requests', () => services.queues.settled()),
        step('end event streams', async () => this.#endStreams()),
        step('await tasks', async () => void (await this.#tasks.settled())),
      ],
    });
  }

  get diagnostics(): Diagnostics {
    return this.#services.diagnostics;
  }

  /** Attaches a client in this process. `'full'` when there are too many connections, `'closed'` after the shutdown began. */
  attach(replies: Replies, options: ConnectionOptions): InProcessConnection | 'full' | 'closed' {
    const connection = this.#open((view) => ({ replies, view }), options);
    if (typeof connection === 'string') return connection;
    const requests = new Channel<Inbound>({
      capacity: options.channelCapacity,
      maxBytes: LIMITS.requestQueueBytes,
      sizeOf: inboundBytes,
    });
    this.#connections.set(connection, () => requests.close());
    this.#tasks.spawn(`connection ${connection.id}`, () => this.#processor.run(connection, requests));
    return {
      connection,
      requests,
      view: connection.view,
      newRun: (onEnded): Run => ({ view: this.#newView(connection, options), onEnded }),
      expand: (entry) => {
        if (entry instanceof Lagged || entry instanceof Resynced) return undefined;
        return connection.session?.legacy?.expand(entry);
      },
      setRequestHandler: (handler) => {
        connection.requestHandler = handler;
      },
      close: () => {
        requests.dispose();
        this.#close(connection);
        connection.view.dispose();
      },
    };
  }

  /** Serves one peer over bytes. Resolves when the peer is gone, or refuses it at once. Never rejects. */
  async serve(
    transport: MessageTransport,
    options: ConnectionOptions & { readonly onMalformed: (reason: string) => void },
  ): Promise<void> {
    let wireReplies: WireReplies | undefined;
    const connection = this.#open((view) => {
      wireReplies = new WireReplies(view);
      return { replies: wireReplies, view };
    }, options);
    if (typeof connection === 'string' || wireReplies === undefined) {
      await transport.close(connection === 'full' ? 'full' : 'shutdown');
      return;
    }
    const replies = wireReplies;
    const reading = new AbortController();
    const process = (message: Inbound): void => this.#processor.process(connection, message);
    const wire = { connection, replies, transport, process, onMalformed: options.onMalformed };
    this.#connections.set(connection, () => reading.abort(new Error('the server is shutting down')));
    const writing = writePeer(wire, this.#newBudget(connection, options));
    this.#tasks.spawn(`writer ${connection.id}`, async () => {
      const end = await writing;
      reading.abort(new Error('the peer is gone'));
      if (end === 'slowConsumer') await this.#letGo(connection, transport);
      else await transport.close(this.#shutdown.hasBegun ? 'shutdown' : 'done');
    });
    await readPeer(wire, reading.signal);
    if (!this.#shutdown.hasBegun) this.#close(connection);
  }

  /**
   * Begins no more turns and waits for those that run, until the signal is aborted; everything else goes on. For a server that is asked
   * to end and has time.
   */
  async drain(signal: AbortSignal): Promise<void> {
    const hurry = createDeferred<void>();
    const onAbort = (): void => hurry.resolve();
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    await Promise.race([this.#services.threads.drain(), hurry.promise]);
    signal.removeEventListener('abort', onAbort);
  }

  /** Admission closes, turns are interrupted, questions are settled; events can be read to their end. Idempotent. */
  beginShutdown(): Promise<void> {
    return this.#shutdown.begin();
  }

  /** Everything is flushed and ended. Never longer than the grace plus one second from the first call. Idempotent. */
  finishShutdown(): Promise<void> {
    return this.#shutdown.finish();
  }

  #open(
    parts: (view: View) => { readonly replies: Replies; readonly view: View },
    options: ConnectionOptions,
  ): Connection | 'full' | 'closed' {
    if (this.#shutdown.hasBegun) return 'closed';
    if (this.#connections.size >= LIMITS.connections) return 'full';
    const id = this.#nextConnectionId++;
    const { replies, view } = parts(this.#newView({ id }, options));
    const connection = new Connection(id, replies, view);
    this.#connections.set(connection, () => {});
    this.#services.router.attach(connection);
    return connection;
  }

  #newView(
    { id }: { readonly id: number },
    { channelCapacity, slowConsumerGraceMs }: ConnectionOptions,
  ): View {
    const { clock, diagnostics, threads } = this.#services;
    const options: ViewOptions = {
      clock,
      capacity: channelCapacity,
      slowConsumerGraceMs,
      snapshot: (threadId, firstSkipped) => snapshot(threads, clock, threadId, firstSkipped),
      onLag: (event) =>
        diagnostics.emit('lag', { connection: id, threadId: event.threadId, method: kindOf(event) }),
      onMerge: (event) => diagnostics.emit('merge', { connection: id, method: kindOf(event) }),
    };
    return new View(options);
  }

  #newBudget({ view }: Connection, { slowConsumerGraceMs }: ConnectionOptions): ByteBudget {
    return new ByteBudget({
      clock: this.#services.clock,
      bytes: () => view.bytes,
      maxBytes: LIMITS.connectionBytes,
      graceMs: Math.max(slowConsumerGraceMs, LIMITS.slowConsumerGraceMs),
    });
  }

  /** Parts with a peer that takes too little; from now on nothing is kept for it. */
  async #letGo(connection: Connection, transport: MessageTransport): Promise<void> {
    this.diagnostics.emit('letGo', { connection: connection.id, peer: transport.label });
    if (!this.#shutdown.hasBegun) this.#close(connection);
    await transport.close('slowConsumer');
  }

  /** The peer left. Its threads go on; what it was asked stays open for others. */
  #close(connection: Connection): void {
    this.#connections.delete(connection);
    this.#services.router.detach(connection);
    this.#services.requests.disconnect(connection);
    this.#services.watches.disconnect(connection);
    this.#services.searches.disconnect(connection);
    this.#services.commands.disconnect(connection);
    this.#services.processes.disconnect(connection);
    connection.close();
  }

  async #stopIntake(): Promise<void> {
    this.#services.idle.close();
    for (const [connection, stop] of this.#connections) {
      connection.beginClose();
      stop();
    }
  }

  #sayFarewell(): void {
    for (const connection of this.#connections.keys())
      connection.sayFarewell(this.#services.router.subscriptions(connection));
  }

  #endStreams(): void {
    for (const connection of [...this.#connections.keys()]) this.#close(connection);
  }
}

function step(name: string, run: ShutdownStep['run']): ShutdownStep {
  return { name, run };
}

function snapshot(
  threads: ThreadRegistry,
  clock: Clock,
  threadId: string,
  firstSkipped: ServerEvent,
): ThreadResync {
  const since = 'params' in firstSkipped ? turnIdOf(firstSkipped.params) : undefined;
  const thread = threads.peek(threadId);
  const taken = thread === undefined ? goneSnapshot(threadId, clock) : snapshotThread(thread, since);
  return { ...taken, firstSkipped };
}

/** A thread that is not loaded any more: all that can be said of it is that. */
function goneSnapshot(threadId: string, clock: Clock) {
  const createdAt = Math.floor(clock.now() / 1_000);
  const thread = newThread({
    id: threadId,
    modelProvider: '',
    model: null,
    createdAt,
    cwd: '',
    cliVersion: '',
    originator: null,
    status: { type: 'notLoaded' },
  });
  return { marker: { threadId, thread, turns: [], activeTurn: null }, missed: [] };
}
