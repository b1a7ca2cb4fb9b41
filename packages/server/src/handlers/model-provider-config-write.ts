import type { ConfigWriteErrorData, ModelProviderErrorData } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { invalidRequest, RpcError } from '../rpc-error.js';

/**
 * Handles `modelProvider/config/write`: changes a provider of the user's file, or adds one; it counts for the next model response.
 *
 * @throws {RpcError} `invalidRequest` for a provider that the file does not have, one of a cloud, and what cannot be written.
 */
export const handleModelProviderConfigWrite: Handler<'modelProvider/config/write'> = async (
  { settings },
  { services },
) => {
  if (settings.type !== 'customGateway')
    throw invalidRequest(`providers of type ${settings.type} are not supported by this server`);
  const written = await services.configuration.writeProvider(settings);
  if (written === 'unknown') {
    const modelProvider = settings.providerId ?? '';
    const data: ModelProviderErrorData = { type: 'modelProviderNotConfigured', modelProvider };
    throw new RpcError('invalidRequest', `Model provider \`${modelProvider}\` cannot be edited`, { data });
  }
  if ('id' in written) return { provider: written };
  const data: ConfigWriteErrorData = { config_write_error_code: written.code };
  throw new RpcError('invalidRequest', written.message, { data });
};
