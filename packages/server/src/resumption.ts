import type { Resumption, StoredThread, Thread } from '@millrace/core';
import { threadQueue } from '@millrace/protocol';
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

/** A thread that is loaded. */
export interface LoadedThread {
  readonly thread: Thread;
  /** Whether it was loaded for this request. */
  readonly isNew: boolean;
  /** Whole lines at the end of its file that were damaged, and set aside for this request. */
  readonly lostLines: number;
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
 * Has `use` called with the thread of that id or path, loaded now if it was not; what the client chooses counts only then. No other
 * request for the thread is worked on until it has ended, however it names the thread.
 *
 * @throws {RpcError} `invalidRequest` where there is none or another process has it, `overloaded` where too many are loaded.
 */
export async function withThread<T>(
  params: ResumptionParams,
  context: RequestContext,
  use: (loaded: LoadedThread) => Promise<T>,
): Promise<T> {
  const { threads, queues } = context.services;
  const named = params.threadId.toLowerCase();
  const isRunning = threads.find(named) !== undefined;
  const threadId = isRunning ? named : ((await threadFromPath(params.path, context)) ?? named);
  if (!isRunning) checkThreadId(threadId, 'session');
  // A request that gives no path is in the queue of its thread already.
  if (typeof params.path !== 'string') return useThread(threadId, params, context, use);
  const queue = threadQueue(threadId).name;
  const used = queues.exclusively(queue, () => useThread(threadId, params, context, use));
  if (used === 'full') throw overloaded(queue);
  return used;
}

async function useThread<T>(
  threadId: string,
  params: ResumptionParams,
  context: RequestContext,
  use: (loaded: LoadedThread) => Promise<T>,
): Promise<T> {
  const { threads, idle } = context.services;
  const running = threads.find(threadId);
  if (running !== undefined)
    return use({ thread: withPath(running, params.path, context), isNew: false, lostLines: 0 });
  let lostLines = 0;
  const thread = await idle
    .withRoom(() =>
      threads.load(threadId, (stored, lost) => {
        lostLines = lost;
        return resumption(params, stored, context);
      }),
    )
    .catch(throwStoreFailure);
  if (thread === 'missing') throw invalidRequest(`no rollout found for thread id ${params.threadId}`);
  if (thread === 'full') throw overloaded('loaded threads');
  if (thread === 'closed') throw shuttingDown();
  await startRequiredMcpServers(thread, context.services);
  return use({ thread, isNew: true, lostLines });
}

/** A thread that is loaded, if the path that was asked for is its own; a client may have an old one. */
function withPath(thread: Thread, path: string | null | undefined, { services }: RequestContext): Thread {
  const active = thread.view().path;
  if (path == null || path === '' || services.identity.resolvePath(path) === active) return thread;
  throw invalidRequest(
    `cannot resume running thread ${thread.threadId} with stale path: requested \`${path}\`, active \`${active}\``,
  );
}
