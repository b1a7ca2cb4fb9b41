import { StoreError } from '@millrace/core/ports';
import { invalidRequest, RpcError } from './rpc-error.js';

/** Throws what a client should be told of a failed store: its texts name threads, never paths. Anything else is thrown as it is. */
export function throwStoreFailure(error: unknown): never {
  if (!(error instanceof StoreError)) throw error;
  if (error.code === 'locked') throw invalidRequest(error.message);
  throw new RpcError('internal', error.message, { cause: error });
}
