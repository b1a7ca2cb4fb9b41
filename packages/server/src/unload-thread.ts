import { Deadline } from '@millrace/channel';
import type { Services } from './services.js';

/** Milliseconds that a thread may take to end its turn and its commands before it is left behind. As the reference server. */
export const UNLOAD_MS = 10_000;

/** Takes a thread out of memory and tells everybody; does nothing where it is not loaded. */
export async function unloadThread(threadId: string, { threads, router, clock }: Services): Promise<boolean> {
  const wasLoaded = await threads.unload(threadId, Deadline.after(clock, UNLOAD_MS));
  if (!wasLoaded) return false;
  router.emit(threadId, 'thread/status/changed', { threadId, status: { type: 'notLoaded' } });
  router.forget(threadId);
  return true;
}

/** Tells everybody that a thread is not in memory any more although nobody asked for that. */
export function tellClosed(threadId: string, { router }: Pick<Services, 'router'>): void {
  router.emit(threadId, 'thread/status/changed', { threadId, status: { type: 'notLoaded' } });
  router.emit(threadId, 'thread/closed', { threadId });
  router.forget(threadId);
}
