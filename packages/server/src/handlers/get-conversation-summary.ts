import type { StoredThread } from '@millrace/core';
import type { ParsedParams, Thread } from '@millrace/protocol';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import type { RequestContext } from '../request-context.js';
import { invalidRequest } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';

type Params = ParsedParams<'getConversationSummary'>;

/** Handles `getConversationSummary`: what is known of a thread that is kept, by its id or by its file. */
export const handleGetConversationSummary: Handler<'getConversationSummary'> = async (params, context) => {
  const thread = 'conversationId' in params ? await byId(params, context) : await byPath(params, context);
  const { id, path, preview, createdAt, updatedAt, modelProvider, cwd, cliVersion, source } = thread;
  const { gitInfo } = thread;
  return {
    summary: {
      conversationId: id,
      path: path ?? '',
      preview,
      timestamp: timestamp(createdAt),
      updatedAt: timestamp(updatedAt),
      modelProvider,
      cwd,
      cliVersion,
      source,
      gitInfo: gitInfo && { sha: gitInfo.sha, branch: gitInfo.branch, origin_url: gitInfo.originUrl },
    },
  };
};

/** @throws {RpcError} `invalidRequest` where nothing of that thread is kept. */
async function byId(
  { conversationId }: Extract<Params, { readonly conversationId: string }>,
  context: RequestContext,
): Promise<Thread> {
  checkThreadId(conversationId, 'thread');
  const thread = await keptThread(conversationId.toLowerCase(), context);
  if (thread === undefined) throw invalidRequest(`no rollout found for conversation id ${conversationId}`);
  return thread;
}

/** @throws {RpcError} `invalidRequest` for a path at which no thread is kept. */
async function byPath(
  { rolloutPath }: Extract<Params, { readonly rolloutPath: string }>,
  context: RequestContext,
): Promise<Thread> {
  const threadId = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/.exec(rolloutPath)?.[1];
  const thread = threadId === undefined ? undefined : await keptThread(threadId, context);
  if (thread?.path !== rolloutPath) {
    throw invalidRequest(`failed to resolve rollout path \`${rolloutPath}\`: file does not exist`);
  }
  return thread;
}

async function keptThread(threadId: string, { services }: RequestContext): Promise<Thread | undefined> {
  const { threads } = services;
  const loaded = threads.find(threadId);
  if (loaded !== undefined) return loaded.isKept ? loaded.view() : undefined;
  const stored: StoredThread | undefined = await threads.stored.read(threadId).catch(throwStoreFailure);
  return stored && threads.stored.view(stored);
}

function timestamp(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}
