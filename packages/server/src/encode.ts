import type { LegacyEvent, RequestId, RpcErrorObject } from '@millrace/protocol';
import type { NotificationEvent, RequestEvent } from './server-event.js';

/**
 * One notification as text. No `jsonrpc` member; keys in the order of the reference server.
 *
 * @param withSequence Adds the event's number in its thread, for clients that asked for lag markers.
 */
export function encodeNotification(event: NotificationEvent, withSequence: boolean): string {
  const { method, params, emittedAtMs, sequence } = event;
  return JSON.stringify(
    withSequence ? { method, params, emittedAtMs, sequence } : { method, params, emittedAtMs },
  );
}

export function encodeRequest({ method, id, params }: RequestEvent): string {
  return JSON.stringify({ method, id, params });
}

/** An event of the first generation as text: it had no time. */
export function encodeLegacy({ method, params }: LegacyEvent): string {
  return JSON.stringify({ method, params });
}

export function encodeResult(id: RequestId, result: unknown): string {
  return JSON.stringify({ id, result });
}

export function encodeError(id: RequestId, error: RpcErrorObject): string {
  return JSON.stringify({ error, id });
}
