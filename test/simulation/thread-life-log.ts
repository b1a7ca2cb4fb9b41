import { ThreadRegistry } from '@millrace/core';
import { type NotificationMethod, SERVER_NOTIFICATIONS } from '@millrace/protocol';
import { OutboundRouter } from '@millrace/server';
import { InvariantViolation } from '@millrace/testkit';
import { replace } from './planting.js';

/** How a turn ended, as the server told it. */
export interface ToldEnd {
  readonly status: string;
  /** The position of the end among everything that was told. */
  readonly order: number;
}

export interface LifeObserver {
  /** Nobody is subscribed to the thread any more. */
  onForgotten(threadId: string): void;
  /** A thread was unloaded although nobody asked for that. Returns what speaks against it. */
  onClosed(threadId: string): string | undefined;
}

/**
 * What the server says of its threads, whoever hears it: written down at the place where every event is emitted, and checked at once.
 * Violations are kept until somebody asks, because nothing may be thrown into the server.
 */
export class ThreadLifeLog {
  /** Threads that are on their way out of memory. */
  readonly unloading = new Set<string>();
  readonly ends = new Map<string, ToldEnd>();
  closed = 0;
  reloaded = 0;
  readonly #observer: LifeObserver;
  readonly #loaded = new Set<string>();
  readonly #gone = new Set<string>();
  #violation: InvariantViolation | undefined;
  #order = 0;

  constructor(observer: LifeObserver) {
    this.#observer = observer;
  }

  get order(): number {
    return this.#order;
  }

  /** Threads that are loaded, as far as was told. */
  get loaded(): ReadonlySet<string> {
    return this.#loaded;
  }

  /** Listens to every server that is started from now on, until everything is uprooted. */
  install(): void {
    const log = this;
    replace(
      OutboundRouter.prototype,
      'emit',
      (emit) =>
        function logged(this: OutboundRouter, ...args: Parameters<typeof emit>) {
          const signal = emit.apply(this, args);
          const [threadId, method, params] = args;
          if (signal === undefined) log.#read(threadId, method, params);
          return signal;
        } as typeof emit,
    );
    replace(
      OutboundRouter.prototype,
      'forget',
      (forget) =>
        function logged(this: OutboundRouter, threadId) {
          log.#observer.onForgotten(threadId);
          forget.call(this, threadId);
        },
    );
    replace(
      ThreadRegistry.prototype,
      'unload',
      (unload) =>
        async function logged(this: ThreadRegistry, threadId, ...rest) {
          log.unloading.add(threadId);
          try {
            return await unload.call(this, threadId, ...rest);
          } finally {
            log.unloading.delete(threadId);
          }
        },
    );
  }

  /** @throws {InvariantViolation} the first one that was found since the last call. */
  check(): void {
    const violation = this.#violation;
    this.#violation = undefined;
    if (violation !== undefined) throw violation;
  }

  complain(id: string, message: string): void {
    this.#violation ??= new InvariantViolation(id, message);
  }

  #read(threadId: string, method: NotificationMethod, params: unknown): void {
    this.#order += 1;
    if (SERVER_NOTIFICATIONS[method].scope === 'thread' && this.#gone.has(threadId))
      this.complain('LT-3', `${method} of a thread that is not loaded`);
    if (method === 'thread/started') this.#load(threadId);
    else if (method === 'thread/status/changed') this.#readStatus(threadId, params);
    else if (method === 'thread/closed') this.#readClosed(threadId);
    else if (method === 'turn/completed') this.#readEnd(params);
  }

  #load(threadId: string): void {
    this.#loaded.add(threadId);
    if (this.#gone.delete(threadId)) this.reloaded += 1;
  }

  #readStatus(threadId: string, params: unknown): void {
    const { status } = params as { readonly status: { readonly type: string } };
    if (status.type !== 'notLoaded') this.#load(threadId);
    else {
      this.#loaded.delete(threadId);
      this.#gone.add(threadId);
    }
  }

  #readClosed(threadId: string): void {
    this.closed += 1;
    const objection = this.#observer.onClosed(threadId);
    if (objection !== undefined) this.complain('LT-2', `a thread is closed although ${objection}`);
  }

  #readEnd(params: unknown): void {
    const { turn } = params as { readonly turn: { readonly id: string; readonly status: string } };
    if (this.ends.has(turn.id)) this.complain('EV-2', 'a turn ends twice');
    this.ends.set(turn.id, { status: turn.status, order: this.#order });
  }
}
