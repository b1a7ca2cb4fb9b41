import { orphanWatch } from './orphan-watch.js';

/**
 * A process group that was started here, under the id of its first process.
 *
 * The id stays taken while the group has members, so it names the right processes until the group was seen empty once.
 * From then on it is never signalled again: the number may be somebody else's. Until then it is ended with this Node process, however
 * that ends.
 */
export class ProcessGroup {
  readonly id: number;
  #isGone = false;
  #wasKilled = false;

  constructor(id: number) {
    this.id = id;
    orphanWatch.add(id);
  }

  /** Looks whether the group still has members. An exited process that nobody reaped yet is one. */
  hasMembers(): boolean {
    return this.#signal(0);
  }

  /** Whether somebody asked for its end here. A member that left the group before may live on. */
  get wasKilled(): boolean {
    return this.#wasKilled;
  }

  /** Ends every member at once. Does nothing for a group that is gone. */
  kill(): void {
    this.#wasKilled = true;
    this.#signal('SIGKILL');
  }

  #signal(signal: 'SIGKILL' | 0): boolean {
    if (this.#isGone) return false;
    try {
      process.kill(-this.id, signal);
    } catch (error) {
      // EPERM means that there are members which are not ours to signal (a setuid program).
      this.#isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
      if (this.#isGone) orphanWatch.remove(this.id);
    }
    return !this.#isGone;
  }
}
