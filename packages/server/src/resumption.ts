import type { Resumption, StoredThread, Thread } from '@millrace/core';
import { mcpConfiguration, threadConfiguration } from './begin-thread.js';
import { checkThreadId } from './find-thread.js';
import type { RequestContext } from './request-context.js';
import { invalidRequest, overloaded, shuttingDown } from './rpc-error.js';
import { startRequiredMcpServers } from './start-mcp-servers.js';
import { type SettingsParams, startSettings } from './start-settings.js';
import { throwStoreFailure } from './store-failure.js';
import { threadFromPath } from './thread-from-path.js';

/** What a client may choose for a thread that is not loaded. */
export interface ResumptionParams extends SettingsParams {
  readonly threadId: string;
  /** The file of the thread; names it instead of the id where that is not loaded. */
  readonly path?: string | null | undefined;
  readonly config?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * What a stored thread goes on with: the client's choice before what it had, before the configuration.
 *
 * @throws {RpcError} `invalidRequest` for a configuration that cannot be loaded.
 */
export function resumption(
  params: ResumptionParams,
  stored: Pick<StoredThread, 'meta' | 'settings'>,
  { services }: RequestContext,
): Resumption {
  const configuration = threadConfiguration(params, services);
  const { cwd, model, modelProvider } = stored.meta;
  const defaults = stored.settings ?? { ...configuration.defaults, cwd, model, modelProvider };
  const settings = startSettings(params, configuration, defaults, services.identity);
  return {
    settings,
    features: configuration.features(settings.modelProvider),
    mcpServers: mcpConfiguration(params, services),
  };
}

/**
 * The thread of that id or path, loaded now if it was not; what the client chooses counts only then. It stays loaded until the request
 * is answered.
 *
 * @throws {RpcError} `invalidRequest` where there is none or another process has it, `overloaded` where too many are loaded.
 */
export async function loadThread(
  params: ResumptionParams,
  context: RequestContext,
): Promise<{ readonly thread: Thread; readonly isNew: boolean }> {
  const { threads, idle } = context.services;
  const running = threads.find(params.threadId.toLowerCase());
  if (running !== undefined) {
    context.hold(running.threadId);
    return { thread: withPath(running, params.path, context), isNew: false };
  }
  const threadId = (await threadFromPath(params.path, context)) ?? params.threadId.toLowerCase();
  checkThreadId(threadId, 'session');
  context.hold(threadId);
  const isNew = threads.find(threadId) === undefined;
  const thread = await idle
    .withRoom(() => threads.load(threadId, (stored) => resumption(params, stored, context)))
    .catch(throwStoreFailure);
  if (thread === 'missing') throw invalidRequest(`no rollout found for thread id ${params.threadId}`);
  if (thread === 'full') throw overloaded('loaded threads');
  if (thread === 'closed') throw shuttingDown();
  await startRequiredMcpServers(thread, context.services);
  return { thread, isNew };
}

/** A thread that is loaded, if the path that was asked for is its own; a client may have an old one. */
function withPath(thread: Thread, path: string | null | undefined, { services }: RequestContext): Thread {
  const active = thread.view().path;
  if (path == null || path === '' || services.identity.resolvePath(path) === active) return thread;
  throw invalidRequest(
    `cannot resume running thread ${thread.threadId} with stale path: requested \`${path}\`, active \`${active}\``,
  );
}
