import { describeSettings, injectItems, type Thread } from '@millrace/core';
import { LIMITS, type ParsedParams, type ThreadResumeResponse, type Turn } from '@millrace/protocol';
import { backwardsCursors } from '../backwards-cursors.js';
import { beginThread } from '../begin-thread.js';
import { noticeFullHistory, PAGE_AFTERWARDS } from '../deprecation.js';
import type { Handler } from '../handlers.js';
import { injectedItems } from '../injected-items.js';
import { ANSWERED_LATER, type RequestContext } from '../request-context.js';
import { type LoadedThread, withThread } from '../resumption.js';
import { invalidRequest } from '../rpc-error.js';
import { startRequiredMcpServers } from '../start-mcp-servers.js';
import { throwStoreFailure } from '../store-failure.js';
import { turnsPage } from '../thread-history.js';
import { threadStartResponse } from '../thread-start-response.js';
import { noticeUsage } from '../thread-usage-notice.js';

/**
 * Handles `thread/resume`: loads the thread where it is not, subscribes the connection, answers with the state, and replays open
 * questions. What the client chooses counts only for a thread that was not loaded.
 */
export const handleThreadResume: Handler<'thread/resume'> = async (
  params,
  context,
): Promise<typeof ANSWERED_LATER> => {
  if (params.history == null) {
    await withThread(params, context, (loaded) => answer(loaded, params, context));
  } else await answer(await fromHistory(params.history, params, context), params, context);
  return ANSWERED_LATER;
};

/**
 * Subscribes the connection and answers with the thread as it is, in one tick: whatever happens in the thread is either in the answer, or
 * in an event after it, and never in both (EV-9).
 */
async function answer(
  { thread, isNew, lostLines }: LoadedThread,
  params: ParsedParams<'thread/resume'>,
  context: RequestContext,
): Promise<void> {
  const { services, connection } = context;
  const { sources } = await services.guidance.instructions(thread.settings.cwd);
  // From here on nothing is waited for.
  const { threadId, turns } = thread;
  const excludeTurns = params.excludeTurns === true;
  if (!excludeTurns && !thread.isEphemeral && !turns.isEmpty) noticeFullHistory(context, PAGE_AFTERWARDS);
  if (isNew)
    services.router.emit(threadId, 'thread/status/changed', { threadId, status: thread.status.current });
  services.router.subscribe(connection, threadId);
  context.afterwards(() => {
    if (lostLines > 0) warnOfLoss(threadId, lostLines, context);
    if (isNew || !excludeTurns) noticeUsage(thread, context);
    tellGoal(thread, context);
    services.requests.replay(connection, threadId);
    if (isNew) thread.mcp.start();
    thread.agenda.resumeGoal();
    thread.goOn();
  });
  const response: ThreadResumeResponse = {
    ...threadStartResponse(thread, thread.view(excludeTurns ? [] : turns.all()), sources),
    collaborationMode: describeSettings(thread.settings).collaborationMode,
    ...resumePages(params, threadId, turns.all()),
  };
  context.respond(response);
}

/** Everybody who comes back is told the goal, also that there is none (observed 0.169). */
function tellGoal({ threadId, agenda, turns }: Thread, { services }: RequestContext): void {
  if (agenda.goal?.current != null) agenda.goal.announce(null);
  else if (!turns.isEmpty) services.router.emit(threadId, 'thread/goal/cleared', { threadId });
}

/** The page of turns that the client asked for, and where turns and items can be read backwards from the newest one. */
function resumePages(
  { initialTurnsPage: wanted }: ParsedParams<'thread/resume'>,
  threadId: string,
  turns: readonly Turn[],
): Pick<ThreadResumeResponse, 'initialTurnsPage' | 'turnsBackwardsCursor' | 'itemsBackwardsCursor'> {
  const scope = { kind: 'turns' as const, threadId };
  const limit = wanted?.limit ?? LIMITS.defaultPageSize;
  const request = { scope, anchor: undefined, direction: wanted?.sortDirection ?? 'desc', limit };
  const page = wanted == null ? undefined : turnsPage(turns, request, wanted.itemsView ?? 'summary');
  return { initialTurnsPage: page ?? null, ...backwardsCursors(threadId, turns) };
}

/** A thread that begins with a conversation which was kept elsewhere. */
async function fromHistory(
  history: readonly unknown[],
  params: ParsedParams<'thread/resume'>,
  context: RequestContext,
): Promise<LoadedThread> {
  if (history.length === 0) throw invalidRequest('history must not be empty');
  const items = injectedItems(history);
  const thread = await beginThread({ ...params, ephemeral: false }, context);
  await startRequiredMcpServers(thread, context.services);
  await injectItems(thread, items).catch(throwStoreFailure);
  return { thread, isNew: true, lostLines: 0 };
}

/** Nobody would miss what their disk has lost before they need it. */
function warnOfLoss(threadId: string, lostLines: number, { services }: RequestContext): void {
  const message = `The last ${lostLines} records of this thread are damaged on disk. They were set aside, and the thread goes on from what is before them.`;
  services.router.emit(threadId, 'warning', { threadId, message });
}
