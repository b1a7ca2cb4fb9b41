import { openingContext } from './environment-context.js';
import { History } from './history.js';
import type { ResponseItem } from './response-item.js';
import type { ThreadContext } from './thread-context.js';

/**
 * Adds items to what the model is given, after everything said so far; they are part of the next request, and nobody is asked for
 * one. Calls without outputs are answered as aborted, because a model refuses them. Resolves when they are on disk; while a turn
 * runs, when they are sure to follow the response that the model is giving: they are on disk when the turn has ended.
 *
 * Rejects with `StoreError`; then they may be forgotten when the thread is loaded again.
 */
export async function injectItems(thread: ThreadContext, items: readonly ResponseItem[]): Promise<void> {
  await thread.openLog();
  const { history, settings, ports, turns } = thread;
  const injected = new History();
  const opening = history.isEmpty ? await openingContext(settings, ports) : [];
  // A turn may have begun meanwhile; it opens the history itself.
  if (history.isEmpty && turns.active === undefined) injected.append(...opening);
  injected.append(...items);
  for (const item of [...injected.items, ...injected.missingOutputs()]) {
    thread.tell(item);
  }
  await thread.sync();
}
