import { markedReadState } from '@millrace/core';
import type { ParsedParams, ThreadReadState } from '@millrace/protocol';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import type { RequestContext } from '../request-context.js';
import { invalidRequest, RpcError } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';
import { threadReadOnly } from '../turn-admission.js';

/**
 * Handles `thread/readState/update`: marks a thread, loaded or not, as read or unread, if its state is the one that the client saw.
 * Subscribers are told before the answer.
 */
export const handleThreadReadStateUpdate: Handler<'thread/readState/update'> = async (params, context) => {
  checkThreadId(params.threadId, 'thread');
  const { threads, router } = context.services;
  const threadId = params.threadId.toLowerCase();
  const thread = threads.find(threadId);
  if (thread === undefined) return { readState: await markStored(threadId, params, context) };
  if (!thread.isKept || thread.readState === undefined) throw unavailable();
  if (thread.isReadOnly) throw threadReadOnly(threadId);
  const { current } = thread.readState;
  const readState = thread.readState.mark(params.operation.type, params.expectedRevision);
  if (readState === 'conflict') throw conflict(current);
  thread.record({ type: 'readState', readState });
  await thread.sync().catch(throwStoreFailure);
  router.emit(threadId, 'thread/readState/changed', { threadId, readState });
  return { readState };
};

async function markStored(
  threadId: string,
  { operation, expectedRevision }: ParsedParams<'thread/readState/update'>,
  { services }: RequestContext,
): Promise<ThreadReadState> {
  const readState = markedReadState(operation.type, services.ids);
  const marked = await services.threads.stored
    .amend(threadId, (stored) => {
      if (stored.readState === undefined) throw unavailable();
      if (stored.readState.revision !== expectedRevision) throw conflict(stored.readState);
      return [{ type: 'readState', readState }];
    })
    .catch(throwStoreFailure);
  if (marked === undefined) throw invalidRequest(`thread not loaded: ${threadId}`);
  return readState;
}

function unavailable(): RpcError {
  return invalidRequest('thread read state unavailable');
}

/** Tells the state as it is, so that the client can decide again. */
function conflict(readState: ThreadReadState): RpcError {
  const data = { reason: 'readStateConflict', readState };
  return new RpcError('invalidRequest', 'read state changed', { data });
}
