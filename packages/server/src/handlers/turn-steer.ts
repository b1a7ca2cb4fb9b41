import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest, overloaded } from '../rpc-error.js';
import { checkTurnInput } from '../turn-input.js';

/** Handles `turn/steer`: adds input to the running turn, which has to be the expected one. */
export const handleTurnSteer: Handler<'turn/steer'> = (params, context) => {
  const { expectedTurnId, input, clientUserMessageId } = params;
  const thread = findThread(params.threadId, context, 'thread not found');
  if (expectedTurnId === '') throw invalidRequest('expectedTurnId must not be empty');
  checkTurnInput(input);
  const activeTurnId = thread.turns.active?.isOpen === true ? thread.turns.active.turnId : undefined;
  if (activeTurnId === undefined) throw invalidRequest('no active turn to steer');
  if (activeTurnId !== expectedTurnId) {
    throw invalidRequest(`expected active turn id \`${expectedTurnId}\` but found \`${activeTurnId}\``);
  }
  if (input.length === 0) throw invalidRequest('input must not be empty');
  const taken = thread.steer(expectedTurnId, { content: input, clientId: clientUserMessageId ?? null });
  if (taken === 'full') throw overloaded(`thread:${thread.threadId}`);
  return { turnId: expectedTurnId };
};
