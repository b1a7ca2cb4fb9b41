import type { RevertRefusal } from '@millrace/core';
import type { ParsedParams, RequestResult } from '@millrace/protocol';
import { backwardsCursors } from '../backwards-cursors.js';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest, overloaded, type RpcError, shuttingDown } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';
import { tellClosed, unloadDeadline } from '../unload-thread.js';

/**
 * Handles `thread/revert`: interrupts the turn that runs, forgets the given turn and all after it, and loads what is left. Whoever is
 * subscribed stays subscribed.
 */
export const handleThreadRevert: Handler<'thread/revert'> = async (
  params,
  context,
): Promise<RequestResult<'thread/revert'>> => {
  const { services } = context;
  const { threads, router, clock } = services;
  const { isEphemeral, threadId } = findThread(params.threadId, context, 'thread not found');
  if (isEphemeral) throw invalidRequest('ephemeral threads do not support thread/revert');
  const deadline = unloadDeadline(clock);
  try {
    const thread = await threads.revert(threadId, params.beforeTurnId, deadline).catch(throwStoreFailure);
    if (typeof thread === 'string') throw refusal(thread, params);
    router.emit(threadId, 'thread/status/changed', { threadId, status: { type: 'notLoaded' } });
    router.emit(threadId, 'thread/status/changed', { threadId, status: thread.status.current });
    context.afterwards(() => {
      router.emit(threadId, 'thread/reverted', { threadId });
      thread.mcp.start();
    });
    return { thread: thread.view(), ...backwardsCursors(threadId, thread.turns.all()) };
  } catch (error) {
    if (threads.find(threadId) === undefined) tellClosed(threadId, services);
    throw error;
  }
};

function refusal(reason: RevertRefusal, { threadId, beforeTurnId }: ParsedParams<'thread/revert'>): RpcError {
  switch (reason) {
    case 'missing':
      return invalidRequest(`no rollout found for thread id ${threadId}`);
    case 'turnNotFound':
      return invalidRequest(`turn not found: ${beforeTurnId}`);
    case 'full':
      return overloaded('loaded threads');
    case 'closed':
      return shuttingDown();
  }
}
