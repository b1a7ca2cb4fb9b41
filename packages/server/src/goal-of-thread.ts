import type { Thread } from '@millrace/core';
import { invalidRequest } from './rpc-error.js';
import { threadReadOnly } from './turn-admission.js';

/**
 * The goal of a thread, for changing it.
 *
 * @throws {RpcError} `invalidRequest` for an ephemeral thread, and for one that could not be saved.
 */
export function goalOf({ agenda, threadId, isReadOnly }: Thread): NonNullable<Thread['agenda']['goal']> {
  if (agenda.goal === undefined) throw invalidRequest(`ephemeral thread does not support goals: ${threadId}`);
  if (isReadOnly) throw threadReadOnly(threadId);
  return agenda.goal;
}
