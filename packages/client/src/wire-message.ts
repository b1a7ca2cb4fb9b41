import {
  isLegacyMethod,
  isServerRequestMethod,
  LAGGED_METHOD,
  LaggedMarker,
  RESYNCED_METHOD,
  type RequestId,
  ResyncedMarker,
  type RpcErrorObject,
  readMessage,
} from '@millrace/protocol';
import type { ClientEvent } from './client-event.js';

/** What a peer said, told apart. */
export type WireMessage =
  | { readonly type: 'result'; readonly id: RequestId; readonly result: unknown }
  | { readonly type: 'error'; readonly id: RequestId; readonly error: RpcErrorObject }
  | { readonly type: 'request'; readonly id: RequestId; readonly event: ClientEvent }
  /** A request of a kind that this client does not know. */
  | { readonly type: 'unknownRequest'; readonly id: RequestId; readonly method: string }
  | { readonly type: 'notification'; readonly method: string; readonly event: ClientEvent };

/** Reads one text; undefined when it is no message. Notifications that nobody knows pass as they are. */
export function readWireMessage(text: string): WireMessage | undefined {
  const read = readMessage(parseJson(text));
  switch (read?.type) {
    case undefined:
      return undefined;
    case 'result':
    case 'error':
      return { type: read.type, ...read.message } as WireMessage;
    case 'request': {
      const { id, method } = read.message;
      if (!isServerRequestMethod(method)) return { type: 'unknownRequest', id, method };
      return { type: 'request', id, event: { type: 'request', ...read.message } as ClientEvent };
    }
    case 'notification': {
      const { method } = read.message;
      const type = isLegacyMethod(method) ? 'legacy' : 'notification';
      const event = marker(method, read.message.params) ?? { type, ...read.message };
      return { type: 'notification', method, event: event as ClientEvent };
    }
  }
}

/** What the server says of a gap on its side. */
function marker(method: string, params: unknown): ClientEvent | undefined {
  if (method === LAGGED_METHOD) {
    const { data } = LaggedMarker.safeParse(params);
    return data && { type: 'lagged', ...data };
  }
  if (method === RESYNCED_METHOD) {
    const { data } = ResyncedMarker.safeParse(params);
    return data && { type: 'resynced', ...data };
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
