import type { Clock } from '@millrace/channel';
import type { ClientProcess } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';

export interface ClientProcessOptions {
  readonly process: ClientProcess;
  readonly clock: Clock;
  readonly isTerminal: boolean;
  readonly takesInput: boolean;
  /** Bytes of each stream that are kept or streamed; what comes after them is read and dropped. */
  readonly capBytes: number;
  /** Milliseconds until the process is killed; null for no limit. */
  readonly timeoutMs: number | null;
  /** Where output goes as it comes; undefined keeps it for the end. */
  readonly deltas: DeltaSink | undefined;
}

/** A consumer of output that can be full. */
export interface DeltaSink {
  /** `'full'` means that nothing was taken. */
  offer(stream: 'stdout' | 'stderr', bytes: Uint8Array, capReached: boolean): 'taken' | 'full';
  /** Resolves when it is worth trying again. Rejects when aborted. */
  whenRoom(signal: AbortSignal): Promise<void>;
}

/** One stream of a process that has ended. */
export interface CapturedStream {
  /** Empty where the stream was streamed. Bytes that are no UTF-8 are replacement characters. */
  readonly text: string;
  readonly capReached: boolean;
}

export interface ClientProcessEnd {
  readonly exitCode: number;
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
  readonly outputDrainTimedOut: boolean;
}

/** What `timeout` of the shell says, and what clients of the protocol know. */
const TIMED_OUT = 124;
/** What clients of the protocol know for a process that they ended themselves. */
const TERMINATED = 1;

/**
 * A running process of a client: its limits, its output, and its end.
 *
 * Output that is streamed is read only as fast as its consumer takes it, so a process that prints faster is held up at its pipe.
 * Memory: the cap for each stream, and nothing beyond one read where it is streamed.
 */
export class RunningClientProcess {
  readonly isTerminal: boolean;
  readonly takesInput: boolean;
  /** Resolves once the process and its output have ended. Never rejects. */
  readonly ended: Promise<ClientProcessEnd>;
  readonly #options: ClientProcessOptions;
  /** Aborted when nobody waits for output any more. */
  readonly #giveUp = new AbortController();
  #stoppedBy: 'timeout' | 'client' | undefined;

  constructor(options: ClientProcessOptions) {
    this.#options = options;
    this.isTerminal = options.isTerminal;
    this.takesInput = options.takesInput;
    this.ended = this.#run();
  }

  /** Resolves when the bytes were handed over. Rejects when the input is closed or full, with that as its `code`. */
  async write(bytes: Uint8Array, isLast: boolean): Promise<void> {
    const { process } = this.#options;
    const written = bytes.length === 0 ? undefined : process.write(bytes);
    if (isLast) process.endInput();
    await written;
  }

  resize(rows: number, columns: number): void {
    this.#options.process.resize(rows, columns);
  }

  /** Kills the process group. Output that was not taken yet is dropped where its consumer is full. */
  terminate(): void {
    this.#stop('client');
  }

  #stop(by: 'timeout' | 'client'): void {
    this.#stoppedBy ??= by;
    this.#giveUp.abort(new Error('the process was stopped'));
    void this.#options.process.kill();
  }

  async #run(): Promise<ClientProcessEnd> {
    const { process, clock, timeoutMs } = this.#options;
    const cancelTimeout =
      timeoutMs === null ? undefined : clock.schedule(timeoutMs, () => this.#stop('timeout'));
    const [{ exitCode }, stdout, stderr] = await Promise.all([
      process.exited,
      this.#read('stdout', process.output),
      this.#read('stderr', process.errors),
    ]);
    cancelTimeout?.();
    const stoppedWith = this.#stoppedBy === 'timeout' ? TIMED_OUT : TERMINATED;
    return {
      exitCode: this.#stoppedBy === undefined ? exitCode : stoppedWith,
      stdout,
      stderr,
      outputDrainTimedOut: process.hasDrainTimedOut,
    };
  }

  /** Reads a stream to its end, also beyond the cap, so that the process is not held up by output that nobody wants. */
  async #read(stream: 'stdout' | 'stderr', output: AsyncIterable<Uint8Array>): Promise<CapturedStream> {
    const { capBytes, deltas } = this.#options;
    const kept: Uint8Array[] = [];
    let room = capBytes;
    for await (const chunk of output) {
      if (room === 0) continue;
      const bytes = chunk.subarray(0, room);
      room -= bytes.length;
      if (deltas === undefined) kept.push(bytes);
      else await this.#send(deltas, stream, bytes, room === 0);
    }
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(kept));
    return { text, capReached: room === 0 };
  }

  async #send(
    deltas: DeltaSink,
    stream: 'stdout' | 'stderr',
    bytes: Uint8Array,
    capReached: boolean,
  ): Promise<void> {
    const { signal } = this.#giveUp;
    for (let start = 0; start < bytes.length; start += LIMITS.outputDeltaBytes) {
      const end = start + LIMITS.outputDeltaBytes;
      const isLast = capReached && end >= bytes.length;
      while (deltas.offer(stream, bytes.subarray(start, end), isLast) === 'full') {
        if (signal.aborted) return;
        await deltas.whenRoom(signal).catch(() => {});
      }
    }
  }
}
