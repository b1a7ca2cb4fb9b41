import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { forgetDescriptor, hideDescriptor } from './hidden-descriptors.js';
import { PROCESS_LIMITS } from './process-limits.js';
import type { TerminalBinding } from './terminal-binding.js';

/** The most rows or columns that the kernel can be told: sixteen bits. */
const SIZE_LIMIT = 65_535;

export interface TerminalSize {
  /** Characters, 1 to 65,535. */
  readonly rows: number;
  /** Characters, 1 to 65,535. */
  readonly columns: number;
}

/**
 * A pseudo terminal, both sides.
 *
 * The slave side stays open here until {@link TerminalDevice.close}. Without that, libuv takes the hang-up at the end for
 * the end of the data and drops what it had not read.
 */
export class TerminalDevice {
  /** What is read from the terminal. Ended by {@link TerminalDevice.close} only. */
  readonly source: ReadStream;
  /** The path by which a process opens the terminal, such as `/dev/pts/3`. */
  readonly path: string;
  /** Standard input, output and error of the process. */
  readonly slave: number;
  readonly #master: number;
  readonly #binding: TerminalBinding;
  #isOpen = true;

  /** @throws {RangeError} for a size out of range, and the platform's error when there is no terminal left. */
  constructor(binding: TerminalBinding, size: TerminalSize) {
    checkSize(size);
    const { master, slave, pty } = binding.open(size.columns, size.rows);
    this.#binding = binding;
    this.#master = master;
    this.path = pty;
    const opened = openStreams(master, pty);
    // The binding's own slave would not be closed at exec.
    closeSync(slave);
    if (opened.type === 'failed') {
      closeSync(master);
      throw opened.error;
    }
    hideDescriptor(master);
    this.slave = opened.slave;
    this.source = opened.source;
    this.source.on('error', () => {}); // A broken terminal shows as one that gives nothing more; the exit ends it.
  }

  /** Writes what fits now and returns the number of bytes; 0 when the terminal's input is full. Never waits. */
  write(bytes: Uint8Array): number {
    if (!this.#isOpen) return 0;
    try {
      return writeSync(this.#master, bytes, 0, Math.min(bytes.length, PROCESS_LIMITS.terminalWriteBytes));
    } catch (error) {
      if (isWouldBlock(error)) return 0;
      throw error;
    }
  }

  /** Does nothing once closed. */
  resize(size: TerminalSize): void {
    checkSize(size);
    if (this.#isOpen) this.#binding.resize(this.#master, size.columns, size.rows);
  }

  /**
   * Takes everything that is in the terminal now, at most {@link PROCESS_LIMITS.outputAfterExitBytes}: first what the stream
   * had read already. A read of the master first flushes what the kernel still has on the way, so nothing written is missed.
   */
  drain(push: (chunk: Uint8Array) => void): void {
    if (!this.#isOpen) return;
    this.source.pause();
    for (let chunk = this.source.read(); chunk !== null; chunk = this.source.read()) push(chunk);
    for (let total = 0; total < PROCESS_LIMITS.outputAfterExitBytes; ) {
      const chunk = this.#readNow();
      if (chunk === undefined) return;
      push(chunk);
      total += chunk.length;
    }
  }

  /** Hangs up: whoever still has the terminal gets SIGHUP. Idempotent. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    forgetDescriptor(this.#master);
    this.source.destroy();
    closeSync(this.slave);
  }

  #readNow(): Uint8Array | undefined {
    const buffer = Buffer.allocUnsafeSlow(PROCESS_LIMITS.outputBufferBytes);
    try {
      const length = readSync(this.#master, buffer);
      return length === 0 ? undefined : buffer.subarray(0, length);
    } catch {
      return undefined; // EAGAIN: empty. Anything else: gone.
    }
  }
}

type OpenedStreams =
  | { readonly type: 'opened'; readonly slave: number; readonly source: ReadStream }
  | { readonly type: 'failed'; readonly error: unknown };

function openStreams(master: number, path: string): OpenedStreams {
  let slave: number | undefined;
  try {
    slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    return { type: 'opened', slave, source: new ReadStream(master) };
  } catch (error) {
    if (slave !== undefined) closeSync(slave);
    return { type: 'failed', error };
  }
}

function checkSize({ rows, columns }: TerminalSize): void {
  for (const length of [rows, columns]) {
    if (Number.isInteger(length) && length >= 1 && length <= SIZE_LIMIT) continue;
    throw new RangeError(`a terminal has 1 to ${SIZE_LIMIT} rows and columns, not ${rows} x ${columns}`);
  }
}

function isWouldBlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
