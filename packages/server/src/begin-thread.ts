import type { DynamicTool, McpConfiguration, Thread } from '@millrace/core';
import type { RequestContext } from './request-context.js';
import type { ResumptionParams } from './resumption.js';
import { invalidRequest, overloaded, shuttingDown } from './rpc-error.js';
import type { ThreadConfiguration } from './services.js';
import { startSettings } from './start-settings.js';

/** What a client may choose for a thread that begins. */
export interface BeginParams extends Omit<ResumptionParams, 'threadId'> {
  readonly ephemeral?: boolean | null | undefined;
  readonly dynamicTools?: readonly DynamicTool[] | undefined;
}

/**
 * A thread that begins with nothing said in it; the connection is subscribed to it.
 *
 * @throws {RpcError} `invalidRequest` for a configuration that cannot be loaded, `overloaded` where too many are loaded.
 */
export async function beginThread(
  params: BeginParams,
  { services, connection }: RequestContext,
  configuration: ThreadConfiguration = threadConfiguration(params, services),
): Promise<Thread> {
  const { threads, router, idle, identity } = services;
  const settings = startSettings(params, configuration, configuration.defaults, identity);
  const thread = await idle.withRoom(() => {
    const started = threads.start({
      settings,
      features: configuration.features(settings.modelProvider),
      mcpServers: mcpConfiguration(params, services),
      isEphemeral: params.ephemeral === true,
      dynamicTools: params.dynamicTools ?? [],
      originator: connection.session?.clientName ?? '',
      source: identity.sessionSource,
    });
    if (typeof started !== 'string') router.subscribe(connection, started.threadId);
    return started;
  });
  if (thread === 'full') throw overloaded('loaded threads');
  if (thread === 'closed') throw shuttingDown();
  return thread;
}

/** @throws {RpcError} `invalidRequest` for keys of the configuration that do not fit. */
export function threadConfiguration(
  { config }: Pick<BeginParams, 'config'>,
  { configuration }: RequestContext['services'],
): ThreadConfiguration {
  const forThread = configuration.forThread(config ?? {});
  if (typeof forThread === 'string') throw invalidRequest(`failed to load configuration: ${forThread}`);
  return forThread;
}

/** The MCP servers of a thread with these keys of its own, as the configuration has them whenever they are asked for. */
export function mcpConfiguration(
  { config }: Pick<BeginParams, 'config'>,
  { configuration }: RequestContext['services'],
): McpConfiguration {
  return () => {
    const forThread = configuration.forThread(config ?? {});
    return typeof forThread === 'string' ? undefined : forThread.mcpServers;
  };
}
