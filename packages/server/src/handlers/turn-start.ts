import type { TurnStartResponse } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { settingsOverrides } from '../settings-overrides.js';
import { admitTurn } from '../turn-admission.js';
import { checkTurnInput } from '../turn-input.js';

/** Handles `turn/start`: starts a turn, or adds to the one that runs. The turn begins after the answer stands (RQ-5). */
export const handleTurnStart: Handler<'turn/start'> = async (params, context): Promise<TurnStartResponse> => {
  const thread = findThread(params.threadId, context, 'thread not found');
  const { input: content, clientUserMessageId, outputSchema } = params;
  checkTurnInput(content);
  const overrides = settingsOverrides(params, thread.settings, context);
  const turn = await admitTurn(thread, context, (starter) =>
    thread.submit({
      input: { content, clientId: clientUserMessageId ?? null, outputSchema },
      overrides,
      starter,
    }),
  );
  return { turn };
};
