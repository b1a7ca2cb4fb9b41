import type { Settings } from '@millrace/core';
import type { CollaborationMode, ParsedParams, TurnStartResponse } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import type { RequestContext } from '../request-context.js';
import { admitTurn } from '../turn-admission.js';
import { checkTurnInput } from '../turn-input.js';

/** Handles `turn/start`: starts a turn, or adds to the one that runs. The turn begins after the answer stands (RQ-5). */
export const handleTurnStart: Handler<'turn/start'> = async (params, context): Promise<TurnStartResponse> => {
  const thread = findThread(params.threadId, context, 'thread not found');
  checkTurnInput(params.input);
  const turn = await admitTurn(thread, context, (starter) =>
    thread.submit({
      input: { content: params.input, clientId: params.clientUserMessageId ?? null },
      overrides: turnOverrides(params, context),
      starter,
      outputSchema: params.outputSchema,
    }),
  );
  return { turn };
};

function turnOverrides(params: ParsedParams<'turn/start'>, { services }: RequestContext): Partial<Settings> {
  const { model, effort, summary, approvalPolicy, sandboxPolicy, cwd, collaborationMode } = params;
  return {
    ...(model == null ? {} : { model }),
    ...(effort == null ? {} : { effort }),
    ...(summary == null ? {} : { summary }),
    ...(approvalPolicy == null ? {} : { approvalPolicy }),
    ...(sandboxPolicy == null ? {} : { sandboxPolicy, permissionProfile: null }),
    ...(cwd == null ? {} : { cwd: services.identity.resolvePath(cwd) }),
    ...(collaborationMode == null ? {} : modeOverrides(collaborationMode)),
  };
}

/** A mode brings its own model, effort and instructions, over whatever else the request says. */
function modeOverrides({ mode, settings }: CollaborationMode): Partial<Settings> {
  const { model, reasoning_effort, developer_instructions } = settings;
  return {
    mode,
    model,
    effort: reasoning_effort ?? null,
    modeInstructions: developer_instructions ?? null,
  };
}
