import type { ConfigWriteErrorData, ConfigWriteResponse } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import type { RequestContext } from '../request-context.js';
import { RpcError } from '../rpc-error.js';
import type { ConfigWriteRequest } from '../services.js';

/** Handles `config/value/write`: changes one key of the user's file. */
export const handleConfigValueWrite: Handler<'config/value/write'> = (params, context) => {
  const { keyPath, value, mergeStrategy, filePath = null, expectedVersion = null } = params;
  return write({ edits: [{ keyPath, value, mergeStrategy }], filePath, expectedVersion }, context);
};

/** Handles `config/batchWrite`: changes several keys of the user's file, all or none. */
export const handleConfigBatchWrite: Handler<'config/batchWrite'> = (
  { edits, filePath = null, expectedVersion = null },
  context,
) => write({ edits, filePath, expectedVersion }, context);

/** @throws {RpcError} `invalidRequest` with a {@link ConfigWriteErrorData} for what cannot be written. */
async function write(
  request: ConfigWriteRequest,
  { services }: RequestContext,
): Promise<ConfigWriteResponse> {
  const written = await services.configuration.write(request);
  if ('status' in written) return written;
  const data: ConfigWriteErrorData = { config_write_error_code: written.code };
  throw new RpcError('invalidRequest', written.message, { data });
}
