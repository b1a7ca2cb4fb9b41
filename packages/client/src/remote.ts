import { systemClock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { DialError, type Dialed, dial } from '@millrace/transport';
import { Client } from './client.js';
import { TransportError } from './errors.js';
import type { ConnectOptions, Link } from './link.js';
import { shakeHands } from './wire-handshake.js';
import { WireLink } from './wire-link.js';

export interface RemoteOptions extends ConnectOptions {
  /** Proves to the server that this client may connect. Sent only over TLS, on this machine, or through a unix socket. */
  readonly token?: string;
  /** Events that may wait in each view, and messages in the queue; 128 by default, clamped to at least 1. */
  readonly channelCapacity?: number;
  /** Milliseconds for connecting, and as many for the handshake; 10,000 by default. */
  readonly connectTimeoutMs?: number;
}

/**
 * Attaches to a server that listens on a websocket: `ws://HOST:PORT` or `wss://HOST:PORT`.
 *
 * `shutdown` ends this connection; the server, its threads and turns go on. Rejects with `TransportError`: `InvalidInput` when the server
 * cannot be reached or refuses the connection, `TimedOut` and `InvalidData` when the handshake fails; then no socket is left.
 */
export async function connectWebSocket(url: string, options: RemoteOptions): Promise<Client> {
  return new Client(await connect(url, options, options));
}

/** The same for a server that listens on a unix socket at that path. */
export function connectUnix(path: string, options: RemoteOptions): Promise<Client> {
  return connectWebSocket(`unix://${path}`, options);
}

async function connect(url: string, remote: RemoteOptions, who: ConnectOptions): Promise<Link> {
  const { token, connectTimeoutMs: timeoutMs = LIMITS.connectMs } = remote;
  const { transport, explain } = await reach(url, token, timeoutMs);
  const link = new WireLink({
    clock: systemClock,
    transport,
    channelCapacity: Math.max(1, remote.channelCapacity ?? LIMITS.channelCapacity),
    connect: (another) => connect(url, remote, another),
    explain,
    endInput: () => {},
    finish: () => Promise.resolve(),
  });
  return shakeHands(link, who, systemClock, timeoutMs);
}

async function reach(url: string, token: string | undefined, timeoutMs: number): Promise<Dialed> {
  try {
    return await dial({ url, clock: systemClock, timeoutMs, ...(token === undefined ? {} : { token }) });
  } catch (cause) {
    if (!(cause instanceof DialError)) throw cause;
    throw new TransportError('InvalidInput', 'connect', { detail: cause.message, cause });
  }
}
