import type { RunningProcess, SandboxStatus, SpawnRequest } from './ports.js';

/** Starts the processes that clients ask for themselves. Nobody approves them: the client is the user. */
export interface ClientProcessRunner {
  readonly sandbox: SandboxStatus;
  /** As `ProcessRunner.spawn`. */
  spawn(request: SpawnRequest): Promise<ClientProcess>;
}

/** A process that a client started. */
export interface ClientProcess extends RunningProcess {
  /**
   * Standard error, as `output` is standard output, where the request asked for `separate` streams. Else, and on a terminal, both
   * come as `output`, and this ends at once.
   */
  readonly errors: AsyncIterable<Uint8Array>;
  /** Whether output was given up because a grandchild held it open after the exit. Final when the output has ended. */
  readonly hasDrainTimedOut: boolean;
  /** The process reads the end of its input, after what was written; a terminal gets an end-of-file character. Idempotent. */
  endInput(): void;
}
