import { systemClock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { DialError, type Dialed, dial } from '@millrace/transport';
import { Client } from './client.js';
import { TransportError } from './errors.js';
import type { ConnectOptions, Link } from './link.js';
import { ReconnectingLink } from './reconnecting-link.js';
import { shakeHands } from './wire-handshake.js';
import { WireLink, type WireLinkOptions } from './wire-link.js';
import { WireViews } from './wire-views.js';

export interface RemoteOptions extends ConnectOptions {
  /** Proves to the server that this client may connect. Sent only over TLS, on this machine, or through a unix socket. */
  readonly token?: string;
  /** Events that may wait in each view, and messages in the queue; 128 by default, clamped to at least 1. */
  readonly channelCapacity?: number;
  /**
   * Milliseconds for which a lost connection is tried to be made again; 0, the default, means that it is lost. Each loss is told as
   * `reconnecting`. Then threads are resumed and shown as `resynced`, and `reconnected` is told; or `disconnected`, and the events end.
   */
  readonly reconnectMs?: number;
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
  const another = (options: ConnectOptions): Promise<Link> => connect(url, remote, options);
  const { reconnectMs = 0 } = remote;
  if (reconnectMs <= 0) return connectOnce(url, remote, who, { connect: another });
  const views = new WireViews(capacityOf(remote));
  return ReconnectingLink.start({
    clock: systemClock,
    random: Math.random,
    reconnectMs,
    views,
    dial: (onEnd, signal) => connectOnce(url, remote, who, { connect: another, views, onEnd }, signal),
    connect: another,
  });
}

type LinkParts = Pick<WireLinkOptions, 'connect' | 'views' | 'onEnd'>;

/** One connection, its handshake done. Rejects early when the signal is aborted. */
async function connectOnce(
  url: string,
  remote: RemoteOptions,
  who: ConnectOptions,
  parts: LinkParts,
  signal?: AbortSignal,
): Promise<WireLink> {
  const { token, connectTimeoutMs: timeoutMs = LIMITS.connectMs } = remote;
  const { transport, explain } = await reach(url, token, timeoutMs, signal);
  const link = new WireLink({
    ...parts,
    clock: systemClock,
    transport,
    channelCapacity: capacityOf(remote),
    explain,
    endInput: () => {},
    finish: () => Promise.resolve(),
  });
  return shakeHands(link, who, { clock: systemClock, timeoutMs, signal });
}

function capacityOf({ channelCapacity = LIMITS.channelCapacity }: RemoteOptions): number {
  return Math.max(1, channelCapacity);
}

async function reach(
  url: string,
  token: string | undefined,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Dialed> {
  try {
    return await dial({
      url,
      clock: systemClock,
      timeoutMs,
      ...(token === undefined ? {} : { token }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (!(cause instanceof DialError)) throw cause;
    throw new TransportError('InvalidInput', 'connect', { detail: cause.message, cause });
  }
}
