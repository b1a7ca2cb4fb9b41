import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { WebSocket } from 'ws';
import { isLoopback } from './listen-address.js';
import type { MessageTransport } from './message-transport.js';
import { webSocketTransport } from './websocket-transport.js';

/** Characters of what a server says to a refusal that an error repeats; one long line. */
const REFUSAL_CHARACTERS = 200;
const NOT_PRINTABLE = /[^ -~]/g;

/** A server cannot be reached. The message says why, for the person who tried. */
export class DialError extends Error {
  override readonly name = 'DialError';
}

export interface DialOptions {
  /** `ws://`, `wss://`, or `unix://PATH`. */
  readonly url: string;
  /** Sent as a bearer token: only over TLS, on this machine, or through a unix socket. */
  readonly token?: string;
  readonly clock: Clock;
  /** Milliseconds for the connection and the upgrade. */
  readonly timeoutMs: number;
  /** Ends the attempt early; means nothing once connected. */
  readonly signal?: AbortSignal;
}

/** A connection to a server, with what is known of its end. */
export interface Dialed {
  readonly transport: MessageTransport;
  /** Why it ended, in the peer's words where it gave some; undefined while it lasts. */
  readonly explain: () => string | undefined;
}

/**
 * Connects to a server that listens on a websocket or a unix socket.
 *
 * Rejects with {@link DialError} when the address is unusable, the server cannot be reached in time, or it refuses the connection.
 */
export async function dial(options: DialOptions): Promise<Dialed> {
  const { url, token, clock, timeoutMs, signal } = options;
  const socket = new WebSocket(addressOf(url, token), {
    perMessageDeflate: false,
    maxPayload: LIMITS.clientMessageBytes,
    handshakeTimeout: timeoutMs,
    ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
  });
  let end: string | undefined;
  socket.on('error', (error) => {
    end ??= error.message;
  });
  const onAbort = (): void => socket.terminate();
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const stream = await upgraded(socket, url).finally(() => signal?.removeEventListener('abort', onAbort));
  socket.on('close', (code, reason) => {
    end ??= `the server closed the connection: ${code} ${reason.toString('utf8')}`.trim();
  });
  return { transport: webSocketTransport({ socket, stream, label: url, clock }), explain: () => end };
}

/** Resolves with the socket below as soon as frames can be sent. */
function upgraded(socket: WebSocket, url: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let stream: Socket | undefined;
    const fail = (why: string, cause?: unknown): void =>
      reject(new DialError(`cannot connect to ${url}: ${why}`, { cause }));
    socket.on('upgrade', (response) => {
      stream = response.socket;
    });
    socket.on('open', () => {
      socket.pause(); // Nothing is lost before somebody reads it.
      if (stream !== undefined) resolve(stream);
    });
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      const { statusCode, statusMessage } = response;
      let said = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        said += text.slice(0, REFUSAL_CHARACTERS - said.length).replaceAll(NOT_PRINTABLE, '?');
        if (said.length === REFUSAL_CHARACTERS) response.destroy();
      });
      response.on('error', () => {}); // What was said until then counts.
      response.on('close', () => {
        socket.terminate();
        fail(`the server refused it: ${statusCode} ${statusMessage}${said === '' ? '' : `: ${said}`}`);
      });
    });
    socket.on('error', (error) => fail(error.message, error));
  });
}

/** @throws {DialError} for a URL that cannot be dialled, or over which a token must not be sent. */
function addressOf(url: string, token: string | undefined): string {
  const unixPath = /^unix:\/\/(?<path>.+)$/.exec(url)?.groups?.path;
  if (unixPath !== undefined) return `ws+unix://${unixPath}:/`;
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  if (protocol !== 'ws:' && protocol !== 'wss:') {
    throw new DialError(
      `not an address of a server: ${url}; use ws://HOST:PORT, wss://HOST:PORT or unix://PATH`,
    );
  }
  const isHere = hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
  if (token !== undefined && protocol === 'ws:' && !isHere) {
    throw new DialError(`a token is not sent to ${url} in the clear; use wss:// or a tunnel`);
  }
  return url;
}
