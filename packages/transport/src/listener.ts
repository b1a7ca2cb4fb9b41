import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { WebSocketServer } from 'ws';
import type { BearerAuth } from './bearer-auth.js';
import { hostLiteral, type ListenAddress } from './listen-address.js';
import { ListenError } from './listen-error.js';
import type { MessageTransport } from './message-transport.js';
import { type HttpAnswer, refuseStranger } from './request-gate.js';
import { claimSocketPath, inUse, protectSocket } from './socket-file.js';
import { webSocketTransport } from './websocket-transport.js';

export interface ListenerOptions {
  readonly address: Extract<ListenAddress, { readonly type: 'websocket' | 'unix' }>;
  /** Who may connect; everybody who reaches the address where absent. */
  readonly auth: BearerAuth | undefined;
  readonly clock: Clock;
  /** Takes a peer whose handshake is done. */
  readonly onPeer: (transport: MessageTransport) => void;
}

const READY_PATH = '/readyz';
const HEALTH_PATH = '/healthz';
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  503: 'Service Unavailable',
};
/** How often Node looks for handshakes that take too long; a part of the time that they have. */
const DEADLINE_CHECKS = 5;
const OWNER_ONLY_UMASK = 0o177;

/**
 * Listens for websockets, on a port or on a unix socket. Any path connects but `/readyz` and `/healthz`, which answer over plain HTTP.
 *
 * A request is refused for its `Origin`, its `Host`, its token, and for want of room, in this order. A handshake has
 * `handshakeMs` from the first byte or none; sockets are bounded by `listenerSockets`, connections by `connections`.
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #http: Server;
  readonly #websockets: WebSocketServer;
  readonly #sockets = new Set<Duplex>();
  readonly #peers = new Set<Duplex>();
  readonly #delays = new Set<() => void>();
  #url = '';
  #badTries = 0;
  #isDraining = false;

  private constructor(options: ListenerOptions) {
    this.#options = options;
    const http = createServer({
      headersTimeout: LIMITS.handshakeMs,
      requestTimeout: LIMITS.handshakeMs,
      connectionsCheckingInterval: LIMITS.handshakeMs / DEADLINE_CHECKS,
    });
    http.maxConnections = LIMITS.listenerSockets;
    this.#http = http;
    this.#websockets = new WebSocketServer({
      noServer: true,
      maxPayload: LIMITS.lineBytes,
      perMessageDeflate: false,
      clientTracking: false,
    });
    // What fails once it listens is one connection that could not be accepted.
    http.on('error', () => {});
    http.on('connection', (socket) => this.#watch(socket));
    http.on('request', (request, response) => this.#onRequest(request, response));
    http.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head));
  }

  /** @throws {ListenError} when that is not possible; then nothing is left behind. */
  static async open(options: ListenerOptions): Promise<Listener> {
    const { address } = options;
    if (address.type === 'unix') await claimSocketPath(address.path);
    const listener = new Listener(options);
    await bind(listener.#http, address);
    listener.#url = urlOf(address, listener.#http);
    if (address.type === 'unix') await protectSocket(address.path);
    return listener;
  }

  /** Where clients connect to, with the port that was chosen. */
  get url(): string {
    return this.#url;
  }

  /** From now on nobody new is let in, and `/readyz` says so. Those who are connected stay. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Ends every socket that is left, and listens no more. Idempotent. */
  async close(): Promise<void> {
    for (const cancel of this.#delays) cancel();
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const { status, text } = refuseStranger(request) ??
      this.#health(request) ?? { status: 400, text: "Connection header did not include 'upgrade'" };
    response.writeHead(status, {
      Connection: 'close',
      'Content-Type': 'text/plain',
      'Content-Length': Buffer.byteLength(text),
    });
    response.end(text);
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const early = refuseStranger(request) ?? this.#health(request);
    if (early !== undefined) {
      answer(socket, early);
      return;
    }
    const refusal = this.#options.auth?.refuse(request.headers.authorization);
    if (refusal !== undefined) {
      this.#refuseToken(socket, { status: 401, text: refusal });
      return;
    }
    this.#badTries = 0;
    if (this.#isDraining) answer(socket, { status: 503, text: 'the server is shutting down' });
    else if (this.#peers.size >= LIMITS.connections)
      answer(socket, { status: 503, text: `the server has ${LIMITS.connections} connections already` });
    else this.#connect(request, socket, head);
  }

  #connect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { clock, onPeer, address } = this.#options;
    const { remoteAddress, remotePort } = request.socket;
    const label = address.type === 'unix' ? 'unix' : `websocket ${remoteAddress}:${remotePort}`;
    // Handed over in this tick where the request is right; answered with 400 where it is not.
    this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
      this.#peers.add(socket);
      socket.once('close', () => this.#peers.delete(socket));
      onPeer(webSocketTransport({ socket: websocket, stream: request.socket, label, clock }));
    });
  }

  /** After many bad tries in a row each further one waits, so that a token is not found by trying. */
  #refuseToken(socket: Duplex, refusal: HttpAnswer): void {
    this.#badTries += 1;
    if (this.#badTries <= LIMITS.badTokensBeforeDelay) {
      answer(socket, refusal);
      return;
    }
    const cancel = this.#options.clock.schedule(LIMITS.badTokenDelayMs, () => {
      this.#delays.delete(cancel);
      answer(socket, refusal);
    });
    this.#delays.add(cancel);
  }

  #health({ url }: IncomingMessage): HttpAnswer | undefined {
    const path = url?.split('?', 1)[0];
    if (path === HEALTH_PATH) return { status: 200, text: '' };
    if (path !== READY_PATH) return undefined;
    return this.#isDraining
      ? { status: 503, text: 'the server is shutting down' }
      : { status: 200, text: '' };
  }
}

async function bind(http: Server, address: ListenerOptions['address']): Promise<void> {
  const bound = new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.once('listening', resolve);
  });
  if (address.type === 'websocket') http.listen(address.port, address.host);
  else {
    // The socket is made in this call, so nobody else can connect even before its mode is set.
    const umask = process.umask(OWNER_ONLY_UMASK);
    http.listen(address.path);
    process.umask(umask);
  }
  try {
    await bound;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (address.type === 'unix' && code === 'EADDRINUSE') throw inUse(address.path);
    throw new ListenError(message, { cause: error });
  }
}

function urlOf(address: ListenerOptions['address'], http: Server): string {
  if (address.type === 'unix') return `unix://${address.path}`;
  const { port } = http.address() as AddressInfo;
  return `ws://${hostLiteral(address.host, port)}`;
}

/** Answers over a socket that was asked to become something else, and ends it. */
function answer(socket: Duplex, { status, text }: HttpAnswer): void {
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}
