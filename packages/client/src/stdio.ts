import { systemClock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { stdioTransport } from '@millrace/transport';
import { ChildServer, type ChildServerOptions } from './child-server.js';
import { Client } from './client.js';
import { TransportError } from './errors.js';
import type { ConnectOptions } from './link.js';
import { shakeHands } from './wire-handshake.js';
import { WireLink } from './wire-link.js';

export type { ChildServerOptions } from './child-server.js';

export interface SpawnOptions extends ChildServerOptions, ConnectOptions {
  /** Events that may wait in each view, and messages in the queue; 128 by default, clamped to at least 1. */
  readonly channelCapacity?: number;
  /** Milliseconds that the server may take to start and to answer the handshake; 30,000 by default. */
  readonly startupTimeoutMs?: number;
}

/**
 * Starts an app-server as a child process and attaches to it over its standard input and output, one JSON object a line.
 *
 * The child, and every process that it left in its group, is gone when `shutdown` resolves. Rejects with `TransportError`:
 * `InvalidInput` when it cannot be started, `TimedOut`, `InvalidData` when it refuses the handshake, `ConnectionAborted` with the end of
 * its standard error when it ends first; then nothing is left running.
 */
export async function spawnAppServer(options: SpawnOptions): Promise<Client> {
  const child = await ChildServer.start(options);
  const link = new WireLink({
    clock: systemClock,
    transport: stdioTransport({ input: child.stdout, output: child.stdin }),
    channelCapacity: Math.max(1, options.channelCapacity ?? LIMITS.channelCapacity),
    connect: () => Promise.reject(new TransportError('InvalidInput', 'connect', { detail: ONE_CLIENT })),
    explain: () => child.explain(),
    endInput: () => child.stdin.end(),
    finish: () => child.stop(systemClock),
  });
  const timeoutMs = options.startupTimeoutMs ?? LIMITS.childStartupMs;
  try {
    return new Client(await shakeHands(link, options, { clock: systemClock, timeoutMs }));
  } catch (cause) {
    // By now it is known how the child ended.
    const isGone = cause instanceof TransportError && cause.kind === 'ConnectionAborted';
    throw isGone
      ? new TransportError('ConnectionAborted', 'initialize', { detail: child.explain(), cause })
      : cause;
  }
}

const ONE_CLIENT = 'a child process has one client; start another one, or listen on a socket';
