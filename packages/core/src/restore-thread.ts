import { abortedContext } from './environment-context.js';
import { override } from './settings.js';
import type { ThreadContext } from './thread-context.js';
import type { StoredThread } from './thread-replay.js';

/**
 * Makes a thread what it was when it was last loaded. A history that a crash cut short is repaired at once: a model refuses calls
 * without outputs.
 */
export function restoreThread(thread: ThreadContext, stored: StoredThread): void {
  const { turns, account, readState, history, ports, settings } = thread;
  turns.restore(stored.turns);
  thread.agenda.restore(stored);
  if (stored.usage !== undefined) account.restore(stored.usage);
  if (stored.readState !== undefined) readState?.restore(stored.readState);
  for (const item of stored.history) history.append(item);
  const repairs = history.missingOutputs();
  if (stored.isCutShort) repairs.push(abortedContext(ports));
  const last = stored.turns.at(-1);
  for (const item of repairs) {
    history.append(item);
    thread.record({ type: 'response', item });
  }
  // So that the next one who loads it does not have to repair it again.
  if (stored.isCutShort && last !== undefined) {
    const { id: turnId, error } = last;
    thread.record({
      type: 'turnEnded',
      turnId,
      status: 'interrupted',
      error,
      completedAt: null,
      durationMs: null,
    });
  }
  const known = stored.settings;
  if (known === undefined || override(known, settings) !== known)
    thread.record({ type: 'settings', settings });
}
