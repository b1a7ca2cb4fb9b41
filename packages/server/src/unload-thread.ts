import { Deadline } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import type { Services } from './services.js';

type Unloading = Pick<Services, 'threads' | 'router' | 'clock'>;

/**
 * Takes a thread out of memory and tells everybody; does nothing where it is not loaded. Whoever waits to load it again goes on after
 * that.
 */
export function unloadThread(threadId: string, { threads, router, clock }: Unloading): Promise<boolean> {
  return threads.unload(threadId, unloadDeadline(clock), () => {
    router.emit(threadId, 'thread/status/changed', { threadId, status: { type: 'notLoaded' } });
    router.forget(threadId);
  });
}

/** The same for a thread that nobody asked to unload. */
export function closeThread(threadId: string, { threads, router, clock }: Unloading): Promise<boolean> {
  return threads.unload(threadId, unloadDeadline(clock), () => tellClosed(threadId, { router }));
}

/** Tells everybody that a thread is not in memory any more although nobody asked for that. */
export function tellClosed(threadId: string, { router }: Pick<Services, 'router'>): void {
  router.emit(threadId, 'thread/status/changed', { threadId, status: { type: 'notLoaded' } });
  router.emit(threadId, 'thread/closed', { threadId });
  router.forget(threadId);
}

/** By when a thread that is unloaded has to be gone. */
export function unloadDeadline(clock: Services['clock']): Deadline {
  return Deadline.after(clock, LIMITS.unloadMs);
}
