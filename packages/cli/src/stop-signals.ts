/** The part of the process that signals come through. */
export interface SignalSource {
  on(signal: keyof typeof EXIT_CODES, listener: () => void): unknown;
  off(signal: keyof typeof EXIT_CODES, listener: () => void): unknown;
  exit(code: number): never;
}

/** 128 and the number of the signal, as shells count. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Turns the first SIGINT or SIGTERM into an aborted signal, so that a run can end in its own way. The last one of those that it is
 * patient for hurries it, and one more ends the process at once; the commands that agents left are killed with it.
 *
 * A SIGHUP is a first signal where there was none: a terminal that goes may say so more than once, and hurries nobody.
 */
export class StopSignals {
  readonly #source: SignalSource;
  readonly #patience: number;
  readonly #asked = new AbortController();
  readonly #hurried = new AbortController();
  #count = 0;
  #exitCode: number | undefined;
  readonly #onHangUp = (): void => {
    if (this.#count === 0) this.#stop(EXIT_CODES.SIGHUP);
  };
  readonly #onInterrupt = (): void => this.#stop(EXIT_CODES.SIGINT);
  readonly #onTerminate = (): void => this.#stop(EXIT_CODES.SIGTERM);

  /** @param patience How many signals do not end the process; 1 or 2. */
  constructor(source: SignalSource, patience: 1 | 2 = 1) {
    this.#source = source;
    this.#patience = patience;
    source.on('SIGHUP', this.#onHangUp);
    source.on('SIGINT', this.#onInterrupt);
    source.on('SIGTERM', this.#onTerminate);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#asked.signal;
  }

  /** Aborted by the last signal that does not end the process. */
  get hurry(): AbortSignal {
    return this.#hurried.signal;
  }

  /** What a process that was stopped so tells the shell, by the first signal; undefined when it was not. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Gives the signals back to the process. */
  close(): void {
    this.#source.off('SIGHUP', this.#onHangUp);
    this.#source.off('SIGINT', this.#onInterrupt);
    this.#source.off('SIGTERM', this.#onTerminate);
  }

  #stop(exitCode: number): void {
    this.#count += 1;
    if (this.#count > this.#patience) this.#source.exit(exitCode);
    this.#exitCode ??= exitCode;
    this.#asked.abort();
    if (this.#count === this.#patience) this.#hurried.abort();
  }
}
