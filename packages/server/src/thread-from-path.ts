import type { RequestContext } from './request-context.js';
import { invalidRequest } from './rpc-error.js';
import { throwStoreFailure } from './store-failure.js';

/**
 * The id of the thread that is kept at a path which a client gave; undefined where it gave none, or an empty one.
 *
 * @throws {RpcError} `invalidRequest` where no thread of this home is kept there.
 */
export async function threadFromPath(
  path: string | null | undefined,
  { services }: RequestContext,
): Promise<string | undefined> {
  if (path == null || path === '') return undefined;
  const resolved = services.identity.resolvePath(path);
  const threadId = await services.threads.stored.idOf(resolved).catch(throwStoreFailure);
  if (threadId === undefined)
    throw invalidRequest(`failed to resolve rollout path \`${path}\`: file does not exist`);
  return threadId;
}
