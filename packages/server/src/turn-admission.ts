import type { Submitted, Thread } from '@millrace/core';
import { type NonSteerableTurnKind, newTurnError, type Turn } from '@millrace/protocol';
import type { Starter } from './outbound-router.js';
import type { RequestContext } from './request-context.js';
import { invalidRequest, overloaded, RpcError } from './rpc-error.js';

/**
 * Lets a request start a turn, or join the one that runs, and returns the turn. One that was started begins after the answer.
 *
 * The slot for `turn/completed` is taken first: a turn that could not report its end is not begun.
 *
 * @throws {RpcError} `overloaded` where there is no slot or too much waits, `invalidRequest` where the thread takes nothing now.
 */
export async function admitTurn(
  thread: Thread,
  context: RequestContext,
  post: (starter: Starter) => Promise<Submitted>,
): Promise<Turn> {
  const starter = reserveStarter(context);
  const submitted = await post(starter).catch((error: unknown) => {
    starter.end.release();
    throw error;
  });
  if (submitted.type !== 'started') starter.end.release();
  if (submitted.type === 'refused') throw refusal(submitted.reason, thread.threadId);
  if (submitted.type === 'busy') throw turnNotSteerable(submitted.notSteerable);
  if (context.run !== undefined) context.connection.addRun(submitted.turn.id, context.run);
  if (submitted.type === 'started') context.afterwards(submitted.begin);
  return submitted.turn;
}

/** Refuses what would have to join a turn that cannot be joined. */
export function turnNotSteerable(turnKind: NonSteerableTurnKind | undefined): RpcError {
  if (turnKind === undefined) return invalidRequest('another turn is running');
  const message = `cannot steer a ${turnKind} turn`;
  const data = newTurnError({ message, codexErrorInfo: { activeTurnNotSteerable: { turnKind } } });
  return new RpcError('invalidRequest', message, { data });
}

function reserveStarter({ connection, run }: RequestContext): Starter {
  const view = run?.view ?? connection.view;
  const end = view.tryReserve();
  if (typeof end === 'string') throw overloaded('reserved slots');
  return { kind: 'turnStarter', connection, view, end, run };
}

function refusal(reason: RefusalReason, threadId: string): RpcError {
  if (reason === 'full') return overloaded(`thread:${threadId}`);
  if (reason === 'otherSchema')
    return invalidRequest('the turn that is running was started with another outputSchema');
  if (reason === 'draining')
    return new RpcError('internal', 'the server is shutting down and begins no more turns');
  if (reason === 'closed') return new RpcError('internal', 'the thread is closed');
  if (reason === 'gone') return invalidRequest('what was to be started is gone');
  return threadReadOnly(threadId);
}

type RefusalReason = Extract<Submitted, { readonly type: 'refused' }>['reason'];

/** Refuses to add to a thread of which nothing more could be kept (TS-6). */
export function threadReadOnly(threadId: string): RpcError {
  return invalidRequest(
    `thread is read-only until it is opened again, because it could not be saved: ${threadId}`,
  );
}
