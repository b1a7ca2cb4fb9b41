import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Clock, ProcessExit } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { Child, type Command } from './child.js';
import { InputError } from './input-error.js';
import type { ManagedProcess } from './managed-process.js';
import { type OutputPipe, openOutputPipe } from './output-pipe.js';
import { OutputQueue } from './output-queue.js';
import type { ProcessGroup } from './process-group.js';
import { PROCESS_LIMITS } from './process-limits.js';

/**
 * A process on pipes.
 *
 * Output: standard output and error are one pipe, so they are in the order in which the process wrote them. It is read up
 * to a buffer ahead of the consumer and then left alone, which holds the process at its pipe. A consumer that leaves closes
 * it, and the process meets SIGPIPE as at any closed reader. Where no pipe can be made (see {@link openOutputPipe}) they are
 * two sockets, merged in the order in which they were read.
 *
 * After the exit everything that the process wrote is still delivered. A grandchild that holds the pipes keeps the output
 * open for {@link LIMITS.outputDrainMs}, or not at all when the process was killed.
 *
 * Memory: the buffer, and what Node reads ahead of it, at most 80 KiB a stream; after the exit {@link PROCESS_LIMITS.outputAfterExitBytes}.
 */
export class PipeProcess implements ManagedProcess {
  readonly pid: number;
  readonly group: ProcessGroup;
  readonly exited: Promise<ProcessExit>;
  readonly output: OutputQueue;
  readonly #input: Writable;
  readonly #sources: readonly Readable[];
  readonly #clock: Clock;
  #openSources = 0;
  #state: 'running' | 'killed' | 'exited' = 'running';
  #cancelGrace: (() => void) | undefined;

  private constructor(child: Child, input: Writable, sources: readonly Readable[], clock: Clock) {
    this.group = child.group;
    this.pid = child.group.id;
    this.exited = child.exited;
    this.#input = input;
    this.#sources = sources;
    this.#clock = clock;
    this.output = new OutputQueue({
      limitBytes: PROCESS_LIMITS.outputBufferBytes,
      onRoom: () => this.#resume(),
      onLeave: () => this.#closeSources(),
    });
    // A process that closes its input is no failure of ours; the write that met it is told by its own callback.
    input.on('error', () => {});
    for (const source of sources) this.#read(source);
    void child.exited.then(() => this.#handleExit());
  }

  /** Rejects with {@link SpawnError}; then nothing is running. */
  static async start(command: Command, clock: Clock): Promise<PipeProcess> {
    const pipe = await openOutputPipe();
    const { child, sources } = pipe === undefined ? spawnOnSockets(command) : spawnOnPipe(command, pipe);
    const { pid, stdin } = child.process;
    if (pid === undefined || stdin === null) {
      for (const source of sources) source.destroy();
      await child.started; // Rejects with the reason.
      throw new Error('a process without input was started');
    }
    const running = new PipeProcess(child, stdin, sources, clock);
    await child.started;
    return running;
  }

  /** The process reads the end of its standard input from now on. */
  endInput(): void {
    this.#input.end();
  }

  write(bytes: Uint8Array): Promise<void> {
    const input = this.#input;
    if (!input.writable) return Promise.reject(closedInput());
    if (input.writableLength + bytes.length > LIMITS.stdinBytes) {
      return Promise.reject(new InputError('full', 'the process does not read its input'));
    }
    return new Promise((resolve, reject) => {
      input.write(bytes, (error) => {
        // Node reports a write that was under way when the stream was destroyed as done.
        if (error == null && !input.destroyed) resolve();
        else reject(closedInput(error));
      });
    });
  }

  resize(): void {}

  async kill(): Promise<void> {
    this.group.kill();
    if (this.#state === 'exited') this.#endOutput();
    else this.#state = 'killed';
    await this.exited;
  }

  #read(source: Readable): void {
    this.#openSources += 1;
    source.on('data', (chunk: Uint8Array) => {
      this.output.push(chunk);
      if (this.output.isFull) for (const each of this.#sources) each.pause();
    });
    source.on('error', () => {}); // 'close' follows.
    source.once('close', () => {
      this.#openSources -= 1;
      if (this.#openSources > 0) return;
      this.#cancelGrace?.();
      this.output.end();
    });
  }

  #resume(): void {
    for (const source of this.#sources) source.resume();
  }

  #closeSources(): void {
    for (const source of this.#sources) source.destroy();
  }

  #handleExit(): void {
    const wasKilled = this.#state === 'killed';
    this.#state = 'exited';
    // From here on nobody is held up by reading on: what the process wrote is in the kernel's buffers, and fits.
    this.output.setLimit(PROCESS_LIMITS.outputAfterExitBytes);
    if (this.#openSources === 0) return;
    if (wasKilled) this.#endOutput();
    else this.#cancelGrace = this.#clock.schedule(LIMITS.outputDrainMs, () => this.#endOutput());
  }

  /** Ends the output after one more whole look at the pipes, which two immediates have between them. */
  #endOutput(): void {
    this.#cancelGrace?.();
    setImmediate(() => setImmediate(() => this.#closeSources()));
  }
}

interface SpawnedChild {
  readonly child: Child;
  readonly sources: readonly Readable[];
}

function spawnOnPipe(command: Command, { reader, writer }: OutputPipe): SpawnedChild {
  const source = new Socket({ fd: reader, readable: true, writable: false });
  try {
    return { child: Child.spawn(command, ['pipe', writer, writer]), sources: [source] };
  } catch (error) {
    source.destroy();
    throw error;
  } finally {
    closeSync(writer);
  }
}

function spawnOnSockets(command: Command): SpawnedChild {
  const child = Child.spawn(command, ['pipe', 'pipe', 'pipe']);
  const { stdout, stderr } = child.process;
  return { child, sources: [stdout, stderr].flatMap((stream) => stream ?? []) };
}

function closedInput(cause?: unknown): InputError {
  return new InputError('closed', 'the process does not take input any more', { cause });
}
