import type { RequestId } from '@millrace/protocol';
import type { Connection, Run } from './connection.js';
import { toRpcError } from './rpc-error.js';
import type { Services } from './services.js';

/** What a handler returns when it will answer later, by {@link RequestContext.respond}. */
export const ANSWERED_LATER = Symbol('answered later');

/** One request on its way through a handler: who asked, what the handler may use, and how it answers. */
export class RequestContext {
  readonly id: RequestId;
  readonly method: string;
  readonly connection: Connection;
  readonly services: Services;
  /** In process: the view that the turn of this request reports to. */
  readonly run: Run | undefined;
  #isAnswered = false;
  #afterwards: (() => void) | undefined;

  constructor(
    id: RequestId,
    method: string,
    connection: Connection,
    services: Services,
    run: Run | undefined,
  ) {
    this.id = id;
    this.method = method;
    this.connection = connection;
    this.services = services;
    this.run = run;
  }

  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** Answers, then runs what was put off with {@link afterwards}. A second answer is dropped (RQ-1). */
  respond(result: unknown): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.connection.inFlight.delete(this.id);
    this.connection.replies.result(this.id, result);
    this.#afterwards?.();
  }

  /** Answers with the failure; what was put off runs too: it may hold something that must be let go. */
  fail(error: unknown): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    const rpcError = toRpcError(error);
    if (rpcError.reason === 'internal')
      this.services.diagnostics.emit('fault', { where: this.method, error });
    this.connection.inFlight.delete(this.id);
    this.connection.replies.error(this.id, rpcError.toObject());
    this.#afterwards?.();
  }

  /** Runs `callback` in the same tick right after the answer, so that the answer stands before what the callback emits (RQ-5). */
  afterwards(callback: () => void): void {
    this.#afterwards = callback;
  }
}
