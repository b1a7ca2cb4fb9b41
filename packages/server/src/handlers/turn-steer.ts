import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest, overloaded } from '../rpc-error.js';
import { turnNotSteerable } from '../turn-admission.js';
import { checkTurnInput } from '../turn-input.js';

/** Handles `turn/steer`: adds input to the running turn, which has to be the expected one. */
export const handleTurnSteer: Handler<'turn/steer'> = (params, context) => {
  const { expectedTurnId, input, clientUserMessageId } = params;
  const thread = findThread(params.threadId, context, 'thread not found');
  if (expectedTurnId === '') throw invalidRequest('expectedTurnId must not be empty');
  checkTurnInput(input);
  const { active } = thread.turns;
  if (active?.isOpen !== true) throw invalidRequest('no active turn to steer');
  if (active.turnId !== expectedTurnId) {
    throw invalidRequest(`expected active turn id \`${expectedTurnId}\` but found \`${active.turnId}\``);
  }
  if (active.notSteerable !== undefined) throw turnNotSteerable(active.notSteerable);
  if (input.length === 0) throw invalidRequest('input must not be empty');
  const taken = thread.steer(expectedTurnId, { content: input, clientId: clientUserMessageId ?? null });
  if (taken === 'full') throw overloaded(`thread:${thread.threadId}`);
  return { turnId: expectedTurnId };
};
