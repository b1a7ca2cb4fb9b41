import type { ThreadStatus } from '@millrace/protocol';
import type { ThreadEvents } from './ports.js';

export type WaitingFlag = 'waitingOnApproval' | 'waitingOnUserInput';

/**
 * What a thread is doing, and the one place that announces it. `idle ⇄ active{flags} → systemError`; a system error stays until
 * the next turn starts.
 *
 * Several approvals may wait at once: a flag stands while at least one does.
 */
export class ThreadStatusTracker {
  readonly #events: ThreadEvents;
  readonly #threadId: string;
  readonly #waiting: Record<WaitingFlag, number> = { waitingOnApproval: 0, waitingOnUserInput: 0 };
  #phase: 'idle' | 'active' | 'systemError' = 'idle';
  #announced = 'idle';
  /** Counts turns, so that a question of an ended turn cannot lower the flag of the next one. */
  #epoch = 0;

  constructor(events: ThreadEvents, threadId: string) {
    this.#events = events;
    this.#threadId = threadId;
  }

  get current(): ThreadStatus {
    return this.#phase === 'active' ? { type: 'active', activeFlags: this.#flags() } : { type: this.#phase };
  }

  /** A turn begins, ends well (`idle`) or ends badly (`systemError`). Ending drops every flag. */
  enter(phase: 'idle' | 'active' | 'systemError'): void {
    this.#phase = phase;
    this.#epoch += 1;
    this.#waiting.waitingOnApproval = 0;
    this.#waiting.waitingOnUserInput = 0;
    this.#announce();
  }

  /** Stands while somebody is being asked. Returns what ends it; calling that again does nothing. */
  wait(flag: WaitingFlag): () => void {
    this.#waiting[flag] += 1;
    this.#announce();
    const epoch = this.#epoch;
    let isOver = false;
    return () => {
      if (isOver || epoch !== this.#epoch) return;
      isOver = true;
      this.#waiting[flag] -= 1;
      this.#announce();
    };
  }

  #flags(): WaitingFlag[] {
    return (['waitingOnApproval', 'waitingOnUserInput'] as const).filter((flag) => this.#waiting[flag] > 0);
  }

  #announce(): void {
    const status = this.current;
    const key = status.type === 'active' ? `active ${status.activeFlags.join(' ')}` : status.type;
    if (key === this.#announced) return;
    this.#announced = key;
    this.#events.emit(this.#threadId, 'thread/status/changed', { threadId: this.#threadId, status });
  }
}
