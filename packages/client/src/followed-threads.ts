import { LIMITS } from '@millrace/protocol';

/** Requests whose result is a thread that the client hears of from then on. */
const FOLLOWING: ReadonlySet<string> = new Set(['thread/start', 'thread/resume', 'thread/fork']);

/** Requests after which the client hears no more of the thread that they name. */
const LEAVING: ReadonlySet<string> = new Set(['thread/unsubscribe', 'thread/archive', 'thread/delete']);

/** The threads that a client hears of, as its own requests tell. Bounded: the one that was followed longest makes room. */
export class FollowedThreads {
  readonly #ids = new Set<string>();

  /** The longest followed first. */
  get ids(): readonly string[] {
    return [...this.#ids];
  }

  /** Takes note of a request that succeeded. */
  note(method: string, params: unknown, result: unknown): void {
    if (FOLLOWING.has(method)) {
      const { thread } = (result ?? {}) as { readonly thread?: { readonly id: string } };
      if (thread !== undefined) this.#follow(thread.id);
    } else if (LEAVING.has(method)) {
      const { threadId } = (params ?? {}) as { readonly threadId?: string };
      if (threadId !== undefined) this.forget(threadId);
    }
  }

  forget(threadId: string): void {
    this.#ids.delete(threadId);
  }

  #follow(threadId: string): void {
    this.#ids.add(threadId);
    const [oldest] = this.#ids;
    if (this.#ids.size > LIMITS.followedThreads && oldest !== undefined) this.#ids.delete(oldest);
  }
}
