import type { Clock } from '@millrace/channel';
import { Deadline } from '@millrace/channel';
import { TransportError } from './errors.js';
import type { ConnectOptions } from './link.js';
import type { WireLink } from './wire-link.js';

export interface HandshakeOptions {
  readonly clock: Clock;
  /** Milliseconds for the answer. */
  readonly timeoutMs: number;
  /** Ends the handshake early, and the connection with it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Introduces the client to the server, with lag markers asked for. Rejects with `TransportError`: `TimedOut`, `InvalidData` where the
 * server refuses, or what ended the connection; then the link is closed and nothing is left running.
 */
export async function shakeHands(
  link: WireLink,
  { clientInfo, capabilities }: ConnectOptions,
  { clock, timeoutMs, signal }: HandshakeOptions,
): Promise<WireLink> {
  const onAbort = (): void => void link.finishShutdown();
  try {
    signal?.addEventListener('abort', onAbort, { once: true });
    const params = { clientInfo, capabilities: { lagMarkers: true, ...capabilities } };
    const answer = await Deadline.after(clock, timeoutMs).race(link.request('initialize', params));
    if (answer.type === 'expired') {
      throw new TransportError('TimedOut', 'initialize', { detail: `no answer within ${timeoutMs} ms` });
    }
    link.notify('initialized', undefined);
    return link;
  } catch (cause) {
    await link.finishShutdown();
    if (cause instanceof TransportError) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new TransportError('InvalidData', 'initialize', { detail, cause });
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
