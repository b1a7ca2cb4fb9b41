import { changedContext, openingContext } from './environment-context.js';
import { modeContext } from './mode-context.js';
import type { WorkContext } from './turn-work.js';

/**
 * Tells the model what it has to know before anything else is said: once who and where it is, then what of that has changed, the mode
 * when that has changed, and what happened beside the conversation. Called between two model responses.
 */
export async function openHistory(turn: WorkContext): Promise<void> {
  const { settings, ports, thread } = turn;
  const { history } = thread;
  const opening = history.isEmpty ? await openingContext(settings, ports) : [];
  // Items may have been injected meanwhile, with an opening of their own.
  turn.remember(...(history.isEmpty ? opening : changedContext(settings, history.items, ports)));
  turn.remember(...modeContext(settings, history.items, ports), ...history.takeDeferred());
}
