import { openingContext } from './environment-context.js';
import { modeContext } from './mode-context.js';
import type { WorkContext } from './turn-work.js';

/**
 * Tells the model what it has to know before anything else is said: once who and where it is, the mode when that has changed, and
 * what happened beside the conversation. Called between two model responses.
 */
export function openHistory(turn: WorkContext): void {
  const { settings, ports, thread } = turn;
  const { history } = thread;
  if (history.isEmpty) turn.remember(...openingContext(settings, ports));
  turn.remember(...modeContext(settings, history.items, ports), ...history.takeDeferred());
}
