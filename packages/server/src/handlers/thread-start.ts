import type { ThreadStartResponse } from '@millrace/protocol';
import { readDynamicTools } from '../dynamic-tools.js';
import type { Handler } from '../handlers.js';
import { invalidRequest, overloaded, RpcError } from '../rpc-error.js';
import { startSettings } from '../start-settings.js';
import { threadStartResponse } from '../thread-start-response.js';

/** Handles `thread/start`: begins a thread and subscribes the connection; everybody is told after the answer. */
export const handleThreadStart: Handler<'thread/start'> = (params, context): ThreadStartResponse => {
  const { services, connection } = context;
  const { router, identity } = services;
  const configuration = services.configuration.forThread(params.config ?? {});
  if (typeof configuration === 'string')
    throw invalidRequest(`failed to load configuration: ${configuration}`);
  const dynamicTools = readDynamicTools(params.dynamicTools ?? []);
  const settings = startSettings(params, configuration, configuration.defaults, identity);
  const thread = services.threads.start({
    settings,
    features: configuration.features(settings.modelProvider),
    isEphemeral: params.ephemeral === true,
    dynamicTools,
    originator: connection.session?.clientName ?? '',
    source: identity.sessionSource,
  });
  if (thread === 'full') throw overloaded('loaded threads');
  if (thread === 'closed') throw new RpcError('internal', 'the server is shutting down');
  const { threadId } = thread;
  router.subscribe(connection, threadId);
  const view = thread.view();
  context.afterwards(() => {
    router.emit(threadId, 'thread/started', { thread: view });
    for (const message of configuration.warnings) router.emit(threadId, 'warning', { threadId, message });
  });
  return threadStartResponse(thread, view);
};
