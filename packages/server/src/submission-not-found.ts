import { invalidRequest, type RpcError } from './rpc-error.js';

/** What a client is told that names a submission which is not in the queue. */
export function submissionNotFound(id: string): RpcError {
  return invalidRequest(`queued submission not found: ${id}`);
}
