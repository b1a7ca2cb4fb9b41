import type { Thread } from '@millrace/core';
import { LIMITS, threadQueue } from '@millrace/protocol';
import type { Services } from './services.js';
import { closeThread } from './unload-thread.js';

/** A thread that nobody listens to and in which nothing runs. */
interface IdleThread {
  readonly thread: Thread;
  /** In milliseconds of the monotonic clock. */
  readonly sinceMs: number;
}

/**
 * Takes threads out of memory that nobody uses: those that have been idle for {@link LIMITS.idleThreadMs}, and, where memory is full,
 * the one that has been idle for longest.
 *
 * A thread is idle while no connection listens to it, no turn runs in it and no request is worked on that names it. Requests that come
 * while it is unloaded wait in its queue until it is gone.
 */
export class IdleThreads {
  readonly #services: Pick<Services, 'threads' | 'router' | 'queues' | 'clock' | 'diagnostics'>;
  /** Cancels the next sweep; undefined while there is nothing to sweep. */
  #cancelSweep: (() => void) | undefined;
  #isClosed = false;

  constructor(services: Pick<Services, 'threads' | 'router' | 'queues' | 'clock' | 'diagnostics'>) {
    this.#services = services;
    services.router.whenUnheard(() => this.#scheduleSweep());
  }

  /** Carries out `attempt`, and again each time that an idle thread has made room for it, until it does not say `'full'`. */
  async withRoom<T>(attempt: () => T | 'full' | Promise<T | 'full'>): Promise<T | 'full'> {
    for (;;) {
      const outcome = await attempt();
      if (outcome !== 'full' || !(await this.#makeRoom())) return outcome;
    }
  }

  /** Unloads nothing more. What is being unloaded goes on. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }

  #scheduleSweep(): void {
    if (this.#isClosed || this.#cancelSweep !== undefined) return;
    this.#cancelSweep = this.#services.clock.schedule(LIMITS.idleSweepMs, () => this.#sweep());
  }

  /** Goes on sweeping as long as there is a thread that nobody listens to. */
  #sweep(): void {
    this.#cancelSweep = undefined;
    const { router, clock } = this.#services;
    const untilMs = clock.monotonic() - LIMITS.idleThreadMs;
    for (const { thread, sinceMs } of this.#idle()) if (sinceMs <= untilMs) void this.#unload(thread);
    if (router.isSomeUnheard) this.#scheduleSweep();
  }

  /**
   * Unloads one thread. Those that can be loaded again come first; those whose commands still run, or that go on by themselves, are left
   * alone. Resolves with false
   * where there is none.
   */
  async #makeRoom(): Promise<boolean> {
    if (this.#isClosed) return false;
    const candidates = this.#idle().filter(
      ({ thread }) => thread.terminals.list().length === 0 && thread.agenda.next() === undefined,
    );
    const rank = ({ thread }: IdleThread): number => (thread.isKept ? 0 : 1);
    const [first] = candidates.sort((a, b) => rank(a) - rank(b) || a.sinceMs - b.sinceMs);
    if (first === undefined) return false;
    await this.#unload(first.thread);
    return true;
  }

  #idle(): IdleThread[] {
    const { threads, router, queues } = this.#services;
    const idle: IdleThread[] = [];
    for (const thread of threads.loaded) {
      const { threadId } = thread;
      const { idleSinceMs } = thread.turns;
      const unheardSinceMs = router.unheardSinceMs(threadId);
      if (idleSinceMs === undefined || unheardSinceMs === undefined) continue;
      if (queues.isBusy(threadQueue(threadId).name)) continue;
      idle.push({ thread, sinceMs: Math.max(idleSinceMs, unheardSinceMs) });
    }
    return idle;
  }

  /** Holds the queue of the thread, which is free, until the thread is gone. Never rejects. */
  #unload({ threadId }: Thread): Promise<void> {
    const { queues, diagnostics } = this.#services;
    const unloading = closeThread(threadId, this.#services).then(
      () => {},
      (error: unknown) => void diagnostics.emit('fault', { where: 'unload', error }),
    );
    queues.run(threadQueue(threadId).name, false, () => unloading);
    return unloading;
  }
}
