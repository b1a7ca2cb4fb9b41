import type { Fork, ForkRefusal } from '@millrace/core';
import type { ParsedParams, ThreadStartResponse } from '@millrace/protocol';
import { noticeFullHistory, PAGE_AFTERWARDS } from '../deprecation.js';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { resumption } from '../resumption.js';
import { invalidRequest, overloaded, type RpcError, shuttingDown } from '../rpc-error.js';
import { startRequiredMcpServers } from '../start-mcp-servers.js';
import { throwStoreFailure } from '../store-failure.js';
import { threadFromPath } from '../thread-from-path.js';
import { threadStartResponse } from '../thread-start-response.js';
import { noticeUsage } from '../thread-usage-notice.js';

/** Handles `thread/fork`: begins a thread with the turns of another, loaded or not, and subscribes the connection. */
export const handleThreadFork: Handler<'thread/fork'> = async (
  params,
  context,
): Promise<ThreadStartResponse> => {
  if (params.beforeTurnId != null && params.lastTurnId != null)
    throw invalidRequest('`beforeTurnId` cannot be combined with `lastTurnId`');
  const { services, connection } = context;
  const sourceId = (await threadFromPath(params.path, context)) ?? sourceThread(params.threadId);
  const fork: Fork = {
    sourceId,
    point: { lastTurnId: params.lastTurnId ?? undefined, beforeTurnId: params.beforeTurnId ?? undefined },
    isEphemeral: params.ephemeral === true,
    originator: connection.session?.clientName ?? '',
    source: services.identity.sessionSource,
    resume: (source) => resumption(params, source, context),
  };
  const thread = await services.idle.withRoom(() => services.threads.fork(fork)).catch(throwStoreFailure);
  const includeTurns = params.excludeTurns !== true;
  if (includeTurns && thread !== 'missing') noticeFullHistory(context, PAGE_AFTERWARDS);
  if (typeof thread === 'string') throw refusal(thread, params);
  services.router.subscribe(connection, thread.threadId);
  await startRequiredMcpServers(thread, services);
  const { sources } = await services.guidance.instructions(thread.settings.cwd);
  const started = thread.view();
  context.afterwards(() => {
    if (includeTurns) noticeUsage(thread, context);
    services.router.emit(thread.threadId, 'thread/started', { thread: started });
    thread.mcp.start();
  });
  const shown = includeTurns ? thread.view(thread.turns.all()) : started;
  return threadStartResponse(thread, shown, sources);
};

function sourceThread(threadId: string): string {
  checkThreadId(threadId, 'thread');
  return threadId.toLowerCase();
}

function refusal(
  reason: ForkRefusal,
  { threadId, lastTurnId, beforeTurnId }: ParsedParams<'thread/fork'>,
): RpcError {
  switch (reason) {
    case 'missing':
      return invalidRequest(`no rollout found for thread id ${threadId}`);
    case 'turnNotFound':
      return invalidRequest(`turn not found: ${beforeTurnId ?? lastTurnId}`);
    case 'turnInProgress':
      return invalidRequest(`lastTurnId '${lastTurnId}' identifies an in-progress turn`);
    case 'full':
      return overloaded('loaded threads');
    case 'closed':
      return shuttingDown();
  }
}
