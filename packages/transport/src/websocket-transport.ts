import type { Duplex } from 'node:stream';
import { type Clock, createDeferred, type Deferred } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { WebSocket } from 'ws';
import { Heartbeat } from './heartbeat.js';
import {
  type CloseReason,
  type Incoming,
  type MessageTransport,
  TransportClosedError,
} from './message-transport.js';

export interface WebSocketTransportOptions {
  /** Open, and nothing of it read yet. */
  readonly socket: WebSocket;
  /** What carries the frames. */
  readonly stream: Duplex & { readonly bytesRead: number };
  readonly label: string;
  readonly clock: Clock;
}

/** How each reason is told to the peer (RFC 6455, section 7.4.1; 1013 stands in the IANA registry). */
const CLOSE_FRAMES: Readonly<Record<CloseReason, readonly [code: number, reason: string]>> = {
  done: [1000, ''],
  shutdown: [1001, 'the server is shutting down'],
  full: [1013, 'the server has too many connections'],
  slowConsumer: [1013, 'too much was not read for too long'],
};

/**
 * One JSON value a text frame. Pings are answered, and sent.
 *
 * Memory: what was read and not taken is held to `incomingBytes` and `incomingMessages`, beyond which the socket is not read, plus what
 * had reached this process by then.
 */
export function webSocketTransport(options: WebSocketTransportOptions): MessageTransport {
  return new WebSocketTransport(options);
}

class WebSocketTransport implements MessageTransport {
  readonly label: string;
  readonly incoming: AsyncIterable<readonly Incoming[]>;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #closed = createDeferred<void>();
  readonly #heartbeat: Heartbeat;
  #inbox: Incoming[] = [];
  #inboxBytes = 0;
  #isOver = false;
  #arrival: Deferred<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor({ socket, stream, label, clock }: WebSocketTransportOptions) {
    this.label = label;
    this.#socket = socket;
    this.#stream = stream;
    this.#clock = clock;
    this.#heartbeat = new Heartbeat({ socket, clock, bytesRead: () => stream.bytesRead });
    this.incoming = this.#read();
    // Without a listener a bad frame would end the process. The socket closes by itself after an error.
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#take(data, isBinary));
    socket.on('close', () => this.#end());
  }

  async write(messages: readonly string[]): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) throw new TransportClosedError('the peer is gone');
    const flushed = createDeferred<void>();
    const last = messages.length - 1;
    this.#stream.cork();
    for (const [index, message] of messages.entries())
      socket.send(message, index === last ? () => flushed.resolve() : undefined);
    this.#stream.uncork();
    if (socket.bufferedAmount <= LIMITS.socketBufferBytes) return;
    await Promise.race([flushed.promise, this.#closed.promise]);
    if (this.#isOver) throw new TransportClosedError('the peer is gone');
  }

  close(reason: CloseReason = 'done'): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: CloseReason): Promise<void> {
    const socket = this.#socket;
    this.#isOver = true;
    this.#inbox = [];
    this.#arrival?.resolve();
    socket.close(...CLOSE_FRAMES[reason]);
    // The peer's leave has to be read, whatever stands before it.
    socket.resume();
    const graceMs = reason === 'slowConsumer' ? LIMITS.slowCloseMs : LIMITS.closeHandshakeMs;
    const cancel = this.#clock.schedule(graceMs, () => socket.terminate());
    if (socket.readyState !== WebSocket.CLOSED) await this.#closed.promise;
    cancel();
  }

  #take(data: Buffer, isBinary: boolean): void {
    if (this.#isOver) return;
    this.#inbox.push(isBinary ? { type: 'binary' } : { type: 'message', text: data.toString('utf8') });
    this.#inboxBytes += data.length;
    if (this.#inboxBytes >= LIMITS.incomingBytes || this.#inbox.length >= LIMITS.incomingMessages)
      this.#socket.pause();
    this.#arrival?.resolve();
  }

  #end(): void {
    this.#isOver = true;
    this.#heartbeat.stop();
    this.#arrival?.resolve();
    this.#closed.resolve();
  }

  async *#read(): AsyncGenerator<readonly Incoming[], void, void> {
    for (;;) {
      if (this.#inbox.length > 0) {
        const batch = this.#inbox;
        this.#inbox = [];
        this.#inboxBytes = 0;
        yield batch;
        continue;
      }
      if (this.#isOver) return;
      // Only when all of a batch was taken: a peer that is not answered is not read.
      this.#socket.resume();
      this.#arrival = createDeferred<void>();
      await this.#arrival.promise;
      this.#arrival = undefined;
    }
  }
}
