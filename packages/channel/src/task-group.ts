import { createDeferred, type Deferred } from './deferred.js';
import { capacityOf, DEFAULTS } from './limits.js';

/** A task that ended by throwing, other than by its own abort. */
export interface TaskFailure {
  readonly name: string;
  readonly error: unknown;
}

export interface TaskGroupOptions {
  /** Tasks that may run at once; 16,384 when absent. */
  readonly capacity?: number;
  /** Told of each failure as it happens, in the failed task's microtask. It must not throw. */
  readonly onFailure?: (failure: TaskFailure) => void;
}

/**
 * Background work that somebody waits for.
 *
 * Memory: at most `capacity` running tasks and 64 kept failures.
 */
export class TaskGroup {
  readonly #capacity: number;
  readonly #onFailure: ((failure: TaskFailure) => void) | undefined;
  readonly #controller = new AbortController();
  readonly #running = new Map<number, string>();
  readonly #failures: TaskFailure[] = [];
  #nextKey = 0;
  #isClosed = false;
  #idle: Deferred<void> | undefined;

  constructor(options: TaskGroupOptions = {}) {
    this.#capacity = capacityOf(options.capacity ?? DEFAULTS.maxTasks);
    this.#onFailure = options.onFailure;
  }

  /** Aborted together with the group. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The names of the tasks that still run, oldest first. */
  get running(): readonly string[] {
    return [...this.#running.values()];
  }

  /** Starts a task in this tick. `full` and `closed` mean that it was not started. */
  spawn(name: string, task: (signal: AbortSignal) => Promise<void>): 'spawned' | 'full' | 'closed' {
    if (this.#isClosed) return 'closed';
    if (this.#running.size === this.#capacity) return 'full';
    const key = this.#nextKey;
    this.#nextKey += 1;
    this.#running.set(key, name);
    void this.#run(key, name, task);
    return 'spawned';
  }

  /** Starts no more tasks; those that run go on. */
  close(): void {
    this.#isClosed = true;
  }

  /** Closes the group and aborts the signal of its tasks. What they throw for that reason is no failure. */
  abort(reason?: unknown): void {
    this.#isClosed = true;
    this.#controller.abort(reason);
  }

  /** Resolves with the failures so far, once no task runs. Also waits for tasks that are spawned meanwhile. */
  async settled(): Promise<readonly TaskFailure[]> {
    while (this.#running.size !== 0) {
      this.#idle ??= createDeferred<void>();
      await this.#idle.promise;
    }
    return [...this.#failures];
  }

  async #run(key: number, name: string, task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#controller;
    try {
      await task(signal);
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) this.#fail({ name, error });
    } finally {
      this.#running.delete(key);
      if (this.#running.size === 0) {
        this.#idle?.resolve();
        this.#idle = undefined;
      }
    }
  }

  #fail(failure: TaskFailure): void {
    if (this.#failures.length < DEFAULTS.maxFailuresKept) this.#failures.push(failure);
    this.#onFailure?.(failure);
  }
}
