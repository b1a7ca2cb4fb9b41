import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { ANSWERED_LATER } from '../request-context.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `turn/interrupt`: answered when the turn has ended, right before its last events; never left open. */
export const handleTurnInterrupt: Handler<'turn/interrupt'> = ({ threadId, turnId }, context) => {
  const thread = findThread(threadId, context, 'thread not found');
  const outcome = thread.turns.interrupt(turnId, () => context.respond({}));
  if (outcome === 'accepted') return ANSWERED_LATER;
  const { activeTurnId } = outcome;
  if (activeTurnId === undefined) throw invalidRequest('no active turn to interrupt');
  throw invalidRequest(`expected active turn id ${turnId} but found ${activeTurnId}`);
};
