import { type Clock, Deadline } from '@millrace/channel';
import type { Diagnostics } from './diagnostics.js';

/** One step of a shutdown; it ends by itself or is left behind when the time is over. */
export interface ShutdownStep {
  readonly name: string;
  run(deadline: Deadline): Promise<void>;
}

export interface ShutdownOptions {
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Milliseconds for everything together. */
  readonly graceMs: number;
  /** Up to the point where nothing new is said: stop intake, interrupt turns, settle server requests. */
  readonly begin: readonly ShutdownStep[];
  /** The rest: drain, flush the store, end the event streams. */
  readonly finish: readonly ShutdownStep[];
}

/**
 * Ends a server in order, within one deadline that every step shares, whatever hangs.
 *
 * `begin` leaves the event streams open, so that an embedder can read them to their end; `finish` ends them. Both are idempotent, and
 * `finish` begins where nobody has. A step that fails or runs out of time does not keep the next from running.
 */
export class Shutdown {
  readonly #options: ShutdownOptions;
  #deadline: Deadline | undefined;
  #begun: Promise<void> | undefined;
  #finished: Promise<void> | undefined;

  constructor(options: ShutdownOptions) {
    this.#options = options;
  }

  get hasBegun(): boolean {
    return this.#begun !== undefined;
  }

  begin(): Promise<void> {
    this.#begun ??= this.#run(this.#options.begin);
    return this.#begun;
  }

  finish(): Promise<void> {
    this.#finished ??= this.begin().then(() => this.#run(this.#options.finish));
    return this.#finished;
  }

  async #run(steps: readonly ShutdownStep[]): Promise<void> {
    const { clock, diagnostics, graceMs } = this.#options;
    this.#deadline ??= Deadline.after(clock, graceMs);
    const deadline = this.#deadline;
    for (const step of steps) {
      diagnostics.emit('shutdown', { step: step.name, remainingMs: deadline.remainingMs });
      try {
        const outcome = await deadline.race(step.run(deadline));
        if (outcome.type === 'expired')
          diagnostics.emit('fault', { where: step.name, error: new Error('ran out of time') });
      } catch (error) {
        diagnostics.emit('fault', { where: step.name, error });
      }
    }
  }
}
