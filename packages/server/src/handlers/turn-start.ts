import type { Settings } from '@millrace/core';
import type { ParsedParams, TurnStartResponse } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import type { Starter } from '../outbound-router.js';
import type { RequestContext } from '../request-context.js';
import { invalidRequest, overloaded, RpcError } from '../rpc-error.js';
import { checkTurnInput } from '../turn-input.js';

/**
 * Handles `turn/start`: starts a turn, or adds to the one that runs.
 *
 * The slot for `turn/completed` is taken first: a turn that could not report its end is not begun. The turn begins after the answer
 * stands (RQ-5).
 */
export const handleTurnStart: Handler<'turn/start'> = async (params, context): Promise<TurnStartResponse> => {
  const thread = findThread(params.threadId, context, 'thread not found');
  checkTurnInput(params.input);
  const starter = reserveStarter(context);
  const submitted = await thread
    .submit({
      input: { content: params.input, clientId: params.clientUserMessageId ?? null },
      overrides: turnOverrides(params, context),
      starter,
      outputSchema: params.outputSchema,
    })
    .catch((error: unknown) => {
      starter.end.release();
      throw error;
    });
  if (submitted.type !== 'started') starter.end.release();
  if (submitted.type === 'refused') throw refusal(submitted.reason, thread.threadId);
  if (context.run !== undefined) context.connection.addRun(submitted.turn.id, context.run);
  if (submitted.type === 'started') context.afterwards(submitted.begin);
  return { turn: submitted.turn };
};

function refusal(reason: 'full' | 'closed' | 'readOnly', threadId: string): RpcError {
  if (reason === 'full') return overloaded(`thread:${threadId}`);
  if (reason === 'closed') return new RpcError('internal', 'the thread is closed');
  return invalidRequest(
    `thread is read-only until it is opened again, because it could not be saved: ${threadId}`,
  );
}

function reserveStarter({ connection, run }: RequestContext): Starter {
  const view = run?.view ?? connection.view;
  const end = view.tryReserve();
  if (typeof end === 'string') throw overloaded('reserved slots');
  return { kind: 'turnStarter', connection, view, end, run };
}

function turnOverrides(params: ParsedParams<'turn/start'>, { services }: RequestContext): Partial<Settings> {
  const { model, effort, summary, approvalPolicy, sandboxPolicy, cwd, collaborationMode } = params;
  return {
    ...(model == null ? {} : { model }),
    ...(effort == null ? {} : { effort }),
    ...(summary == null ? {} : { summary }),
    ...(approvalPolicy == null ? {} : { approvalPolicy }),
    ...(sandboxPolicy == null ? {} : { sandboxPolicy, permissionProfile: null }),
    ...(cwd == null ? {} : { cwd: services.identity.resolvePath(cwd) }),
    ...(collaborationMode == null
      ? {}
      : { mode: collaborationMode.mode, model: collaborationMode.settings.model }),
  };
}
