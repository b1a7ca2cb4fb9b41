import { type Clock, SpawnError } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import type { ManagedProcess } from './managed-process.js';
import { orphanWatch } from './orphan-watch.js';
import type { ProcessGroup } from './process-group.js';

/**
 * The processes of one runner, and the groups that outlived their first process (a server that a command left behind).
 *
 * Memory: at most `capacity` processes, and as many left groups; beyond that the oldest left group is forgotten, which only
 * means that neither closing nor the death of this Node process ends it.
 */
export class RunningProcesses {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #starting = new Set<Promise<ManagedProcess>>();
  readonly #processes = new Set<ManagedProcess>();
  #leftGroups: ProcessGroup[] = [];
  #isClosed = false;
  #closing: Promise<void> | undefined;
  readonly #killAll = (): void => {
    for (const { group } of this.#processes) group.kill();
    for (const group of this.#leftGroups) group.kill();
  };

  /** @param capacity Processes that may run at once, those that are starting included; at least 1. */
  constructor(clock: Clock, capacity: number) {
    this.#clock = clock;
    this.#capacity = capacity;
    process.on('exit', this.#killAll);
  }

  /**
   * Starts a process and keeps it until it exits. One that came up while the runner closed is killed again.
   *
   * Rejects with what `begin` rejects with, and with {@link SpawnError} `failed` when there are too many processes or the
   * runner closed.
   */
  async start(begin: () => Promise<ManagedProcess>): Promise<ManagedProcess> {
    if (this.#isClosed) throw closedRunner();
    if (this.#processes.size + this.#starting.size >= this.#capacity) {
      throw new SpawnError('failed', `${this.#capacity} processes are running already`);
    }
    orphanWatch.begin();
    const starting = begin().then((started) => this.#keep(started));
    this.#starting.add(starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(starting);
    }
  }

  /** See {@link LocalProcessRunner.close}. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#closing ??= this.#killAndReap();
    return this.#closing;
  }

  async #killAndReap(): Promise<void> {
    let cancel = (): void => {};
    const tooLate = new Promise<void>((resolve) => {
      cancel = this.#clock.schedule(LIMITS.killGraceMs, resolve);
    });
    const kills = [...this.#processes].map((each) => each.kill());
    this.#killAll();
    await Promise.race([Promise.allSettled([...kills, ...this.#starting]), tooLate]);
    cancel();
    process.off('exit', this.#killAll);
    orphanWatch.rest();
  }

  async #keep(started: ManagedProcess): Promise<ManagedProcess> {
    if (this.#isClosed) {
      await started.kill();
      throw closedRunner();
    }
    this.#processes.add(started);
    void started.exited.then(() => {
      this.#processes.delete(started);
      this.#keepLeftGroup(started.group);
    });
    return started;
  }

  #keepLeftGroup(group: ProcessGroup): void {
    this.#leftGroups = this.#leftGroups.filter((each) => each.hasMembers());
    if (!group.hasMembers()) return;
    if (this.#isClosed) group.kill();
    this.#leftGroups.push(group);
    if (this.#leftGroups.length <= this.#capacity) return;
    const forgotten = this.#leftGroups.shift();
    if (forgotten !== undefined) orphanWatch.remove(forgotten.id);
  }
}

function closedRunner(): SpawnError {
  return new SpawnError('failed', 'this runner is closed');
}
