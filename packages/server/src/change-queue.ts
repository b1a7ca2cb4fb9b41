import type { QueueRecord } from '@millrace/core';
import type { QueuedSubmission } from '@millrace/protocol';
import { checkThreadId } from './find-thread.js';
import type { RequestContext } from './request-context.js';
import { RpcError } from './rpc-error.js';
import { throwStoreFailure } from './store-failure.js';
import { threadReadOnly } from './turn-admission.js';

type Queue = readonly QueuedSubmission[];

/**
 * The queue of a thread, loaded or not.
 *
 * @throws {RpcError} `internal` where nothing is known of the thread, as the reference server says it.
 */
export async function readQueue(threadId: string, { services }: RequestContext): Promise<Queue> {
  checkThreadId(threadId, 'thread');
  const thread = services.threads.find(threadId.toLowerCase());
  if (thread !== undefined) return thread.agenda.queue;
  const stored = await services.threads.stored.read(threadId.toLowerCase()).catch(throwStoreFailure);
  if (stored === undefined) throw unknownThread(threadId);
  return stored.queue;
}

/**
 * Changes the queue of a thread, loaded or not. Resolves when the change is on disk; subscribers are told after the answer, and the
 * thread goes on where it waited for that.
 *
 * @param change Makes the record of the change, or throws what the client is told; undefined changes nothing.
 */
export async function changeQueue(
  threadId: string,
  context: RequestContext,
  change: (queue: Queue) => QueueRecord | undefined,
): Promise<void> {
  checkThreadId(threadId, 'thread');
  const id = threadId.toLowerCase();
  const { threads, router } = context.services;
  const thread = threads.find(id);
  const isChanged =
    thread === undefined
      ? await changeStored(threadId, context, change)
      : await changeLoaded(id, context, change);
  if (!isChanged) return;
  context.afterwards(() => {
    router.emit(id, 'thread/queue/changed', { threadId: id });
    thread?.goOn();
  });
}

async function changeLoaded(
  threadId: string,
  { services }: RequestContext,
  change: (queue: Queue) => QueueRecord | undefined,
): Promise<boolean> {
  const thread = services.threads.find(threadId);
  if (thread === undefined) return false;
  if (thread.isReadOnly) throw threadReadOnly(threadId);
  // A change that makes no sense begins no file.
  if (change(thread.agenda.queue) === undefined) return false;
  await thread.openLog().catch(throwStoreFailure);
  const record = change(thread.agenda.queue);
  if (record === undefined) return false;
  thread.agenda.amendQueue(record);
  await thread.sync().catch(throwStoreFailure);
  return true;
}

async function changeStored(
  threadId: string,
  { services }: RequestContext,
  change: (queue: Queue) => QueueRecord | undefined,
): Promise<boolean> {
  let isKnown = false;
  const changed = await services.threads.stored
    .amend(threadId.toLowerCase(), (stored) => {
      isKnown = true;
      const record = change(stored.queue);
      return record && [record];
    })
    .catch(throwStoreFailure);
  if (!isKnown) throw unknownThread(threadId);
  return changed !== undefined;
}

function unknownThread(threadId: string): RpcError {
  return new RpcError(
    'internal',
    `failed to read thread: invalid thread-store request: no rollout found for thread id ${threadId}`,
  );
}
