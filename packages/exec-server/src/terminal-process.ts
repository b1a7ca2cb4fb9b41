import { sleep } from '@millrace/channel';
import { type Clock, type ProcessExit, SpawnError } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { Child, type Command } from './child.js';
import { InputError } from './input-error.js';
import type { ManagedProcess } from './managed-process.js';
import { OutputQueue } from './output-queue.js';
import type { ProcessGroup } from './process-group.js';
import { PROCESS_LIMITS } from './process-limits.js';
import type { TerminalBinding } from './terminal-binding.js';
import { TerminalDevice, type TerminalSize } from './terminal-device.js';

/** A session leader without a terminal gets the one that it opens as its controlling terminal. Then the program. */
const TAKE_TERMINAL = 'exec <>"$0"; exec "$@"';

/** What a terminal in its usual mode takes for the end of the input: control-D. */
const END_OF_FILE = Uint8Array.of(4);

/**
 * A process on a pseudo terminal, which is its controlling terminal.
 *
 * Output: read up to a buffer ahead of the consumer, then the process is held by the full terminal. At the exit everything
 * that it wrote is taken and the terminal is hung up, so the output ends there: no grandchild keeps a terminal open. A
 * consumer that leaves hangs up too.
 *
 * Memory: the buffer and one read of Node; at most {@link PROCESS_LIMITS.outputAfterExitBytes} more after the exit.
 */
export class TerminalProcess implements ManagedProcess {
  readonly pid: number;
  readonly group: ProcessGroup;
  readonly exited: Promise<ProcessExit>;
  readonly output: OutputQueue;
  /** A terminal has one output. */
  readonly errors: OutputQueue;
  readonly hasDrainTimedOut = false;
  readonly #device: TerminalDevice;
  readonly #clock: Clock;
  #isOpen = true;
  #pendingInputBytes = 0;
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(child: Child, device: TerminalDevice, clock: Clock) {
    this.group = child.group;
    this.pid = child.group.id;
    this.#device = device;
    this.#clock = clock;
    this.output = new OutputQueue({
      limitBytes: PROCESS_LIMITS.outputBufferBytes,
      onRoom: () => void device.source.resume(),
      onLeave: () => this.#hangUp(),
    });
    this.errors = new OutputQueue({ limitBytes: 1, onRoom: () => {}, onLeave: () => {} });
    this.errors.end();
    device.source.on('data', (chunk: Uint8Array) => {
      this.output.push(chunk);
      if (this.output.isFull) device.source.pause();
    });
    this.exited = child.exited.then((exit) => {
      device.drain((chunk) => this.output.push(chunk));
      this.#hangUp();
      return exit;
    });
  }

  /** Rejects with {@link SpawnError}; then nothing is running. */
  static async start(
    command: Command,
    terminal: { readonly size: TerminalSize; readonly binding: TerminalBinding },
    clock: Clock,
  ): Promise<TerminalProcess> {
    const device = openDevice(terminal.binding, terminal.size);
    try {
      const { slave, path } = device;
      const argv = ['/bin/sh', '-c', TAKE_TERMINAL, path, ...command.argv] as const;
      const child = Child.spawn({ ...command, argv }, [slave, slave, slave]);
      if (child.process.pid === undefined) await child.started;
      const running = new TerminalProcess(child, device, clock);
      await child.started;
      return running;
    } catch (error) {
      device.close();
      throw error;
    }
  }

  /** Bytes of several writes never mix. A write that waits for room is rejected at the exit. */
  write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) return Promise.reject(closedTerminal());
    if (this.#pendingInputBytes + bytes.length > LIMITS.stdinBytes) {
      return Promise.reject(new InputError('full', 'the process does not read its terminal'));
    }
    this.#pendingInputBytes += bytes.length;
    const written = this.#lastWrite
      .then(() => this.#writeAll(bytes))
      .finally(() => {
        this.#pendingInputBytes -= bytes.length;
      });
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  endInput(): void {
    // A terminal that is closed has ended its input already.
    this.write(END_OF_FILE).catch(() => {});
  }

  resize(rows: number, columns: number): void {
    this.#device.resize({ rows, columns });
  }

  async kill(): Promise<void> {
    this.group.kill();
    await this.exited;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      if (!this.#isOpen) throw closedTerminal();
      const length = this.#device.write(bytes.subarray(offset));
      offset += length;
      if (length === 0) await sleep(this.#clock, PROCESS_LIMITS.terminalRetryMs);
    }
  }

  #hangUp(): void {
    this.#isOpen = false;
    this.#device.close();
    this.output.end();
  }
}

function openDevice(binding: TerminalBinding, size: TerminalSize): TerminalDevice {
  try {
    return new TerminalDevice(binding, size);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new SpawnError('failed', 'no terminal could be opened', { cause: error });
  }
}

function closedTerminal(): InputError {
  return new InputError('closed', 'the terminal of this process is closed');
}
