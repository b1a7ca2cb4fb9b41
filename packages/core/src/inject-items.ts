import { openingContext } from './environment-context.js';
import { History } from './history.js';
import type { ResponseItem } from './response-item.js';
import type { ThreadContext } from './thread-context.js';

/**
 * Adds items to what the model is given, after everything said so far; they are part of the next request, and nobody is asked for
 * one. Calls without outputs are answered as aborted, because a model refuses them. Resolves when they are on disk.
 *
 * Rejects with `StoreError`; then they may be forgotten when the thread is loaded again.
 */
export async function injectItems(thread: ThreadContext, items: readonly ResponseItem[]): Promise<void> {
  await thread.openLog();
  const { history, settings, ports } = thread;
  const injected = new History();
  const opening = history.isEmpty ? await openingContext(settings, ports) : [];
  if (history.isEmpty) injected.append(...opening); // A turn may have begun meanwhile, and opened it.
  injected.append(...items);
  for (const item of [...injected.items, ...injected.missingOutputs()]) {
    history.append(item);
    thread.record({ type: 'response', item });
  }
  await thread.sync();
}
