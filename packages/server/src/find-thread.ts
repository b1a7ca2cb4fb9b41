import type { Thread } from '@millrace/core';
import type { RpcErrorName } from '@millrace/protocol';
import type { RequestContext } from './request-context.js';
import { invalidRequest, RpcError } from './rpc-error.js';

const UUID = /^(urn:uuid:)?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const UUID_START = /^(urn:uuid:)?[0-9a-f-]*/i;

/**
 * The loaded thread of that id.
 *
 * @param missing What the peer is told when it is not loaded, in the words of the method.
 * @throws {RpcError} `invalidRequest` for a text that is no id, or a thread that is not there.
 */
export function findThread(threadId: string, context: RequestContext, missing: string): Thread {
  checkThreadId(threadId, 'thread');
  const thread = context.services.threads.find(threadId.toLowerCase());
  if (thread === undefined) throw invalidRequest(`${missing}: ${threadId}`);
  return thread;
}

/** @throws {RpcError} that shows where the text stops being an id; `invalidRequest` unless the method has another reason. */
export function checkThreadId(
  threadId: string,
  what: `${'' | 'excluded ' | 'parent ' | 'ancestor '}thread` | 'session',
  reason: RpcErrorName = 'invalidRequest',
): void {
  if (UUID.test(threadId)) return;
  const position = UUID_START.exec(threadId)?.[0].length ?? 0;
  const found = threadId[position];
  const detail =
    found === undefined
      ? `invalid length: expected length 32 for simple format, found ${threadId.length}`
      : `invalid character: expected an optional prefix of \`urn:uuid:\` followed by [0-9a-fA-F-], found \`${found}\` at ${position + 1}`;
  throw new RpcError(reason, `invalid ${what} id: ${detail}`);
}
