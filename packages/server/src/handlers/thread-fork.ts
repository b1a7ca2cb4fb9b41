import type { ForkRefusal } from '@millrace/core';
import type { ParsedParams, ThreadStartResponse } from '@millrace/protocol';
import { noticeFullHistory, PAGE_AFTERWARDS } from '../deprecation.js';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { resumption } from '../resumption.js';
import { invalidRequest, overloaded, RpcError } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';
import { threadStartResponse } from '../thread-start-response.js';
import { noticeUsage } from '../thread-usage-notice.js';

/** Handles `thread/fork`: begins a thread with the turns of another, loaded or not, and subscribes the connection. */
export const handleThreadFork: Handler<'thread/fork'> = async (
  params,
  context,
): Promise<ThreadStartResponse> => {
  checkThreadId(params.threadId, 'thread');
  const { services, connection } = context;
  const sourceId = params.threadId.toLowerCase();
  const thread = await services.threads
    .fork({
      sourceId,
      lastTurnId: params.lastTurnId ?? undefined,
      isEphemeral: params.ephemeral === true,
      originator: connection.session?.clientName ?? '',
      source: services.identity.sessionSource,
      resume: (source) => resumption(params, source, context),
    })
    .catch(throwStoreFailure);
  const includeTurns = params.excludeTurns !== true;
  if (includeTurns && thread !== 'missing') noticeFullHistory(context, PAGE_AFTERWARDS);
  if (typeof thread === 'string') throw refusal(thread, params);
  services.router.subscribe(connection, thread.threadId);
  const started = thread.view();
  context.afterwards(() => {
    if (includeTurns) noticeUsage(thread, context);
    services.router.emit(thread.threadId, 'thread/started', { thread: started });
  });
  return threadStartResponse(thread, includeTurns ? thread.view(thread.turns.all()) : started);
};

function refusal(reason: ForkRefusal, { threadId, lastTurnId }: ParsedParams<'thread/fork'>): RpcError {
  switch (reason) {
    case 'missing':
      return invalidRequest(`no rollout found for thread id ${threadId}`);
    case 'turnNotFound':
      return invalidRequest(`turn not found: ${lastTurnId}`);
    case 'full':
      return overloaded('loaded threads');
    case 'closed':
      return new RpcError('internal', 'the server is shutting down');
  }
}
