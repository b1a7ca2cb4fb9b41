import { LIMITS, RPC_ERROR_CODES } from '@millrace/protocol';
import { ServerError, TransportError } from './errors.js';

/** What a caller is told when the request queue took nothing. */
export function notSent(reason: 'full' | 'closed', method: string): TransportError {
  return new TransportError(reason === 'full' ? 'WouldBlock' : 'BrokenPipe', method);
}

/** What a caller is told when too many requests wait for their answers already. */
export function tooManyPending(method: string): ServerError {
  const data = { retryable: true, queue: 'pending requests', retryAfterMs: LIMITS.retryAfterMs };
  return new ServerError(method, {
    code: RPC_ERROR_CODES.overloaded,
    message: 'Server overloaded; retry later.',
    data,
  });
}
