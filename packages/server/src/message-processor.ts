import type { Channel } from '@millrace/channel';
import {
  CLIENT_REQUESTS,
  type ClientRequestMethod,
  describeExperimentalUse,
  describeUnknownMethod,
  EXPERIMENTAL_METHODS,
  isClientRequestMethod,
  isKnownMethod,
  LIMITS,
  parseParams,
  workQueueOf,
} from '@millrace/protocol';
import type { Connection, Inbound } from './connection.js';
import { type AnyHandler, HANDLERS } from './handlers.js';
import { ANSWERED_LATER, RequestContext } from './request-context.js';
import { invalidRequest, overloaded, RpcError, shuttingDown } from './rpc-error.js';
import type { Services } from './services.js';

/**
 * Takes what clients say, one message at a time: handshake gate → params → key → handler.
 *
 * Whatever is accepted is answered, exactly once. Work that cannot be taken is refused before it has any effect (RQ-3). A request
 * whose handler answers at once costs no task, no promise and no entry in any table.
 */
export class MessageProcessor {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Processes a connection's request queue until it is closed and drained. */
  async run(connection: Connection, requests: Channel<Inbound>): Promise<void> {
    for (;;) {
      const batch = await requests.receiveBatch(LIMITS.requestBatch);
      if (batch.length === 0) return;
      for (const message of batch) this.process(connection, message);
    }
  }

  /** Processes one message. Never throws and never waits. */
  process(connection: Connection, message: Inbound): void {
    switch (message.type) {
      case 'request':
        this.#request(connection, message);
        return;
      case 'result':
        this.#services.requests.answer(connection, message.id, { result: message.result });
        return;
      case 'error':
        this.#services.requests.answer(connection, message.id, { error: message.error });
        return;
      case 'notification':
        return; // `initialized` gates nothing and unknown ones are ignored, like the reference server does.
    }
  }

  #request(connection: Connection, message: Extract<Inbound, { type: 'request' }>): void {
    const { id, method } = message;
    if (connection.inFlight.has(id)) {
      // Not through a context: the id belongs to the request that is being worked on.
      connection.replies.error(id, invalidRequest(`duplicate request id: ${id}`).toObject());
      return;
    }
    const context = new RequestContext(id, method, connection, this.#services, message.run);
    try {
      const known = knownMethod(method, connection);
      const parsed = parseParams(known, message.params);
      if (parsed.type === 'invalid') throw invalidRequest(parsed.message);
      this.#gate(connection, known, message.params);
      this.#enqueue(known, parsed.params, context);
    } catch (error) {
      if (error instanceof RpcError && error.reason === 'overloaded')
        this.#reportOverload(connection, method, error);
      context.fail(error);
    }
  }

  /** Nothing before `initialize` (RQ-4), nothing after the close, and nothing experimental without having asked for it. */
  #gate(connection: Connection, method: ClientRequestMethod, params: unknown): void {
    const { state, session } = connection;
    if (state === 'closing' || state === 'closed') throw shuttingDown();
    if (method === 'initialize') {
      if (session !== undefined) throw invalidRequest('Already initialized');
      return;
    }
    if (session === undefined) throw invalidRequest('Not initialized');
    const use = session.experimentalApi ? undefined : describeExperimentalUse(method, params);
    if (use !== undefined) throw invalidRequest(use);
    if (connection.inFlight.size >= LIMITS.inFlightRequests) throw overloaded('in-flight requests');
  }

  #enqueue(method: ClientRequestMethod, params: unknown, context: RequestContext): void {
    const { key } = CLIENT_REQUESTS[method];
    const handler = HANDLERS[method] as AnyHandler;
    if (key === undefined) {
      void serve(handler, params, context);
      return;
    }
    const queue = workQueueOf(key, params, context.connection.id);
    const accepted = this.#services.queues.run(queue.name, queue.shared, () =>
      serve(handler, params, context),
    );
    if (accepted === 'full') throw overloaded(queue.name);
    if (!context.isAnswered) context.connection.inFlight.add(context.id);
  }

  #reportOverload(connection: Connection, method: string, error: RpcError): void {
    const { queue } = error.data as { readonly queue: string };
    this.#services.diagnostics.emit('overload', { connection: connection.id, queue, method });
  }
}

function knownMethod(method: string, { session }: Connection): ClientRequestMethod {
  if (isClientRequestMethod(method)) return method;
  const isRefused = session !== undefined && !session.experimentalApi && EXPERIMENTAL_METHODS.has(method);
  if (isRefused) throw invalidRequest(`${method} requires experimentalApi capability`);
  if (isKnownMethod(method))
    throw new RpcError('methodNotFound', `${method} is not supported by this server`);
  throw invalidRequest(describeUnknownMethod(method));
}

/** Runs a handler. Returns a promise only when the handler did; it settles when the next request of the key may run. */
function serve(handler: AnyHandler, params: unknown, context: RequestContext): void | Promise<void> {
  try {
    const result = handler(params, context);
    if (result instanceof Promise) {
      context.connection.inFlight.add(context.id);
      return result.then(
        (value) => answer(context, value),
        (error: unknown) => context.fail(error),
      );
    }
    answer(context, result);
  } catch (error) {
    context.fail(error);
  }
}

function answer(context: RequestContext, result: unknown): void {
  if (result !== ANSWERED_LATER) context.respond(result);
  else if (!context.isAnswered) context.connection.inFlight.add(context.id);
}
