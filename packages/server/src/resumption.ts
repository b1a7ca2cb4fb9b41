import type { Resumption, StoredThread, Thread } from '@millrace/core';
import { checkThreadId } from './find-thread.js';
import type { RequestContext } from './request-context.js';
import { invalidRequest, overloaded, RpcError } from './rpc-error.js';
import { type SettingsParams, startSettings } from './start-settings.js';
import { throwStoreFailure } from './store-failure.js';

/** What a client may choose for a thread that is not loaded. */
export interface ResumptionParams extends SettingsParams {
  readonly threadId: string;
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
  const configuration = services.configuration.forThread(params.config ?? {});
  if (typeof configuration === 'string')
    throw invalidRequest(`failed to load configuration: ${configuration}`);
  const { cwd, model, modelProvider } = stored.meta;
  const defaults = stored.settings ?? { ...configuration.defaults, cwd, model, modelProvider };
  const settings = startSettings(params, configuration, defaults, services.identity);
  return { settings, features: configuration.features(settings.modelProvider) };
}

/**
 * The thread of that id, loaded now if it was not; what the client chooses counts only then.
 *
 * @throws {RpcError} `invalidRequest` where there is none or another process has it, `overloaded` where too many are loaded.
 */
export async function loadThread(params: ResumptionParams, context: RequestContext): Promise<Thread> {
  checkThreadId(params.threadId, 'session');
  const { threads } = context.services;
  const threadId = params.threadId.toLowerCase();
  const loaded = threads.find(threadId);
  if (loaded !== undefined) return loaded;
  const thread = await threads
    .load(threadId, (stored) => resumption(params, stored, context))
    .catch(throwStoreFailure);
  if (thread === 'missing') throw invalidRequest(`no rollout found for thread id ${params.threadId}`);
  if (thread === 'full') throw overloaded('loaded threads');
  if (thread === 'closed') throw new RpcError('internal', 'the server is shutting down');
  return thread;
}
