import type { Readable, Writable } from 'node:stream';
import { createDeferred, systemClock, TaskGroup } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import type { Server } from '@millrace/runtime';
import {
  type BearerAuth,
  type ListenAddress,
  Listener,
  type MessageTransport,
  stdioTransport,
} from '@millrace/transport';
import type { ErrorLog } from './error-log.js';

export interface EndpointsOptions {
  readonly server: Server;
  readonly addresses: readonly ListenAddress[];
  readonly auth: BearerAuth | undefined;
  readonly channelCapacity: number;
  readonly stdio: { readonly stdin: Readable; readonly stdout: Writable };
  readonly log: ErrorLog;
}

/** Everywhere a server can be reached, and the peers that came. */
export class Endpoints {
  readonly listeners: Listener[] = [];
  readonly #options: EndpointsOptions;
  readonly #peers: TaskGroup;
  readonly #deserted = createDeferred<void>();

  private constructor(options: EndpointsOptions) {
    this.#options = options;
    this.#peers = new TaskGroup({
      onFailure: ({ name, error }) => options.log.line(`${name}: ${String(error)}`),
    });
  }

  /** Opens all of them, or none. Rejects with `ListenError`. */
  static async open(options: EndpointsOptions): Promise<Endpoints> {
    const endpoints = new Endpoints(options);
    try {
      for (const address of options.addresses) await endpoints.#open(address);
    } catch (error) {
      await endpoints.close();
      throw error;
    }
    return endpoints;
  }

  /** Resolves when the client at standard input has left and nobody else can come. Never where there is a listener. */
  get deserted(): Promise<void> {
    return this.#deserted.promise;
  }

  /** Lets nobody new in. */
  drain(): void {
    for (const listener of this.listeners) listener.drain();
  }

  /** Cuts off who is still connected, and listens nowhere any more. The server has told them why by then. */
  async close(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.close()));
    if (this.listeners.length > 0) await this.#peers.settled();
  }

  async #open(address: ListenAddress): Promise<void> {
    const { auth, stdio, addresses } = this.#options;
    switch (address.type) {
      case 'off':
        return;
      case 'stdio': {
        const isAlone = addresses.length === 1;
        const transport = stdioTransport({ input: stdio.stdin, output: stdio.stdout });
        this.#serve(transport, () => (isAlone ? this.#deserted.resolve() : undefined));
        return;
      }
      case 'websocket':
      case 'unix': {
        const listener = await Listener.open({
          address,
          auth: address.type === 'websocket' ? auth : undefined,
          clock: systemClock,
          onPeer: (transport) => this.#serve(transport),
        });
        this.listeners.push(listener);
      }
    }
  }

  #serve(transport: MessageTransport, onEnd?: () => void): void {
    const { server, channelCapacity, log } = this.#options;
    this.#peers.spawn(transport.label, async () => {
      await server.serve(transport, {
        channelCapacity,
        slowConsumerGraceMs: LIMITS.slowConsumerGraceMs,
        onMalformed: (reason) => log.line(`${transport.label}: ignored: ${reason}`),
      });
      onEnd?.();
    });
  }
}
