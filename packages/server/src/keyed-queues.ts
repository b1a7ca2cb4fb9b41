import { createDeferred, type Deferred } from '@millrace/channel';

/** Work that waits for its key. Called once, when its turn comes; a promise keeps the key until it settles. */
export type Work = () => void | Promise<void>;

interface Waiting {
  readonly isShared: boolean;
  readonly work: Work;
}

/** State of one key: what runs, and what waits behind it. Exists only while there is work. */
interface KeyState {
  runningShared: number;
  isRunningExclusive: boolean;
  readonly waiting: Waiting[];
}

/**
 * Runs work in order of arrival per key; different keys run side by side.
 *
 * Shared work of a key runs together with other shared work, but never past exclusive work that waits: a steady stream of readers
 * cannot starve a writer. Work whose key is free runs in the same tick.
 *
 * Memory: at most `depth` waiting entries a key, and nothing for a key without work.
 */
export class KeyedQueues {
  readonly #keys = new Map<string, KeyState>();
  readonly #depth: number;
  #idle: Deferred<void> | undefined;

  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Keys that have work now. */
  get size(): number {
    return this.#keys.size;
  }

  /** Whether work of that key runs or waits. */
  isBusy(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Resolves when nothing runs and nothing waits. */
  async settled(): Promise<void> {
    while (this.#keys.size > 0) {
      this.#idle ??= createDeferred<void>();
      await this.#idle.promise;
    }
  }

  /** Runs the work when its turn comes. `'full'` means that the key has too much waiting and nothing was done. */
  run(key: string, isShared: boolean, work: Work): 'accepted' | 'full' {
    const state = this.#keys.get(key);
    if (state === undefined) {
      this.#runAlone(key, isShared, work);
      return 'accepted';
    }
    if (mayRun(state, isShared) && state.waiting.length === 0) {
      this.#start(key, state, isShared, work);
      return 'accepted';
    }
    if (state.waiting.length >= this.#depth) return 'full';
    state.waiting.push({ isShared, work });
    return 'accepted';
  }

  /** Like {@link run} for work that has a result, which must not be asked for from inside work of the same key. */
  exclusively<T>(key: string, work: () => Promise<T>): Promise<T> | 'full' {
    const result = createDeferred<T>();
    const accepted = this.run(key, false, () => {
      const done = work();
      result.resolve(done);
      return done.then(noop, noop);
    });
    return accepted === 'full' ? 'full' : result.promise;
  }

  /** Work of a free key. Nothing is kept of work that is done at once, which most is. */
  #runAlone(key: string, isShared: boolean, work: Work): void {
    const running = work();
    if (running === undefined) return;
    const state: KeyState = { runningShared: 0, isRunningExclusive: false, waiting: [] };
    this.#keys.set(key, state);
    this.#track(key, state, isShared, running);
  }

  #start(key: string, state: KeyState, isShared: boolean, work: Work): void {
    const running = work();
    if (running !== undefined) this.#track(key, state, isShared, running);
  }

  #track(key: string, state: KeyState, isShared: boolean, running: Promise<void>): void {
    if (isShared) state.runningShared += 1;
    else state.isRunningExclusive = true;
    const finish = (): void => this.#finish(key, state, isShared);
    void running.then(finish, finish);
  }

  #finish(key: string, state: KeyState, isShared: boolean): void {
    if (isShared) state.runningShared -= 1;
    else state.isRunningExclusive = false;
    for (
      let next = state.waiting[0];
      next !== undefined && mayRun(state, next.isShared);
      next = state.waiting[0]
    ) {
      state.waiting.shift();
      this.#start(key, state, next.isShared, next.work);
    }
    if (state.waiting.length === 0 && state.runningShared === 0 && !state.isRunningExclusive)
      this.#keys.delete(key);
    if (this.#keys.size === 0) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }
}

const noop = (): void => {};

function mayRun(state: KeyState, isShared: boolean): boolean {
  return !state.isRunningExclusive && (isShared || state.runningShared === 0);
}
