import type { GitInfo, ParsedParams } from '@millrace/protocol';
import { checkThreadId } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';
import { threadReadOnly } from '../turn-admission.js';

const NO_GIT_INFO: GitInfo = { sha: null, branch: null, originUrl: null };

/** Handles `thread/metadata/update`: keeps what a client knows of the commit that a thread is about, loaded or not. Answered when it is on disk. */
export const handleThreadMetadataUpdate: Handler<'thread/metadata/update'> = async (params, { services }) => {
  checkThreadId(params.threadId, 'thread');
  const changes = gitChanges(params);
  const { threads } = services;
  const threadId = params.threadId.toLowerCase();
  const recordFor = ({ gitInfo }: { readonly gitInfo: GitInfo | null }) =>
    ({ type: 'gitInfo', gitInfo: { ...(gitInfo ?? NO_GIT_INFO), ...changes } }) as const;
  const thread = threads.find(threadId);
  if (thread !== undefined) {
    if (thread.isReadOnly) throw threadReadOnly(threadId);
    await thread.amend(recordFor(thread.summary)).catch(throwStoreFailure);
    return { thread: thread.view() };
  }
  const amended = await threads.stored
    .amend(threadId, (stored) => [recordFor(stored)])
    .catch(throwStoreFailure);
  if (amended === undefined) throw invalidRequest(`no rollout found for thread id ${params.threadId}`);
  return { thread: threads.stored.view(amended) };
};

/** @throws {RpcError} `invalidRequest` where nothing is changed, or something to an empty text. */
function gitChanges({ gitInfo }: ParsedParams<'thread/metadata/update'>): Partial<GitInfo> {
  if (!gitInfo) throw invalidRequest('thread metadata update must include at least one field');
  const given = Object.entries(gitInfo).filter(([, value]) => value !== undefined);
  if (given.length === 0) throw invalidRequest('gitInfo must include at least one field');
  const changes = given.map(([key, value]) => [key, value?.trim() ?? null] as const);
  for (const [key, value] of changes) {
    if (value === '') throw invalidRequest(`gitInfo.${key} must not be empty`);
  }
  return Object.fromEntries(changes);
}
