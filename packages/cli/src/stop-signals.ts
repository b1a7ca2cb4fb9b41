/** The part of the process that signals come through. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): never;
}

/** 128 and the number of the signal, as shells count. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Turns the first SIGINT or SIGTERM into an aborted signal, so that a run can end in its own way. A second one ends the process at
 * once; the commands that agents left are killed with it.
 */
export class StopSignals {
  readonly #source: SignalSource;
  readonly #controller = new AbortController();
  #exitCode: number | undefined;
  readonly #onInterrupt = (): void => this.#stop(EXIT_CODES.SIGINT);
  readonly #onTerminate = (): void => this.#stop(EXIT_CODES.SIGTERM);

  constructor(source: SignalSource) {
    this.#source = source;
    source.on('SIGINT', this.#onInterrupt);
    source.on('SIGTERM', this.#onTerminate);
  }

  /** Aborted by the first of the two. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What a process that was stopped so tells the shell; undefined when it was not. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Gives both signals back to the process. */
  close(): void {
    this.#source.off('SIGINT', this.#onInterrupt);
    this.#source.off('SIGTERM', this.#onTerminate);
  }

  #stop(exitCode: number): void {
    if (this.#exitCode !== undefined) this.#source.exit(exitCode);
    this.#exitCode = exitCode;
    this.#controller.abort();
  }
}
