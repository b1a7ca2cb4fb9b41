import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Clock, ProcessExit } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { Child, type Command } from './child.js';
import { InputError } from './input-error.js';
import type { ManagedProcess } from './managed-process.js';
import { type OutputPipe, openOutputPipe } from './output-pipe.js';
import type { OutputQueue } from './output-queue.js';
import { OutputReader } from './output-reader.js';
import type { ProcessGroup } from './process-group.js';
import { PROCESS_LIMITS } from './process-limits.js';

/**
 * A process on pipes.
 *
 * Output: standard output and error are one pipe, so they are in the order in which the process wrote them, unless they
 * are to be separate. Each pipe is read up
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
  readonly #input: Writable;
  readonly #output: OutputReader;
  readonly #errors: OutputReader;
  readonly #clock: Clock;
  #hasDrainTimedOut = false;
  #state: 'running' | 'killed' | 'exited' = 'running';
  #cancelGrace: (() => void) | undefined;

  private constructor({ child, output, errors }: SpawnedChild, input: Writable, clock: Clock) {
    this.group = child.group;
    this.pid = child.group.id;
    this.exited = child.exited;
    this.#input = input;
    this.#clock = clock;
    const onClosed = (): void => {
      if (!this.#isOutputOpen) this.#cancelGrace?.();
    };
    this.#output = new OutputReader(output, onClosed);
    this.#errors = new OutputReader(errors, onClosed);
    // A process that closes its input is no failure of ours; the write that met it is told by its own callback.
    input.on('error', () => {});
    void child.exited.then(() => this.#handleExit());
  }

  /** Rejects with {@link SpawnError}; then nothing is running. */
  static async start(
    command: Command,
    clock: Clock,
    streams: 'merged' | 'separate' = 'merged',
  ): Promise<PipeProcess> {
    const spawned = await spawnOn(command, streams);
    const { child, output, errors } = spawned;
    const { pid, stdin } = child.process;
    if (pid === undefined || stdin === null) {
      for (const source of [...output, ...errors]) source.destroy();
      await child.started; // Rejects with the reason.
      throw new Error('a process without input was started');
    }
    const running = new PipeProcess(spawned, stdin, clock);
    await child.started;
    return running;
  }

  get output(): OutputQueue {
    return this.#output.queue;
  }

  get errors(): OutputQueue {
    return this.#errors.queue;
  }

  get hasDrainTimedOut(): boolean {
    return this.#hasDrainTimedOut;
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

  get #isOutputOpen(): boolean {
    return this.#output.isOpen || this.#errors.isOpen;
  }

  #handleExit(): void {
    const wasKilled = this.#state === 'killed';
    this.#state = 'exited';
    // From here on nobody is held up by reading on: what the process wrote is in the kernel's buffers, and fits.
    for (const queue of [this.output, this.errors]) queue.setLimit(PROCESS_LIMITS.outputAfterExitBytes);
    if (!this.#isOutputOpen) return;
    if (wasKilled) this.#endOutput();
    else this.#cancelGrace = this.#clock.schedule(LIMITS.outputDrainMs, () => this.#giveUpOutput());
  }

  #giveUpOutput(): void {
    this.#hasDrainTimedOut = true;
    this.#endOutput();
  }

  /** Ends the output after one more whole look at the pipes, which two immediates have between them. */
  #endOutput(): void {
    this.#cancelGrace?.();
    setImmediate(() =>
      setImmediate(() => {
        this.#output.close();
        this.#errors.close();
      }),
    );
  }
}

interface SpawnedChild {
  readonly child: Child;
  readonly output: readonly Readable[];
  readonly errors: readonly Readable[];
}

async function spawnOn(command: Command, streams: 'merged' | 'separate'): Promise<SpawnedChild> {
  const pipe = await openOutputPipe();
  if (pipe === undefined) return spawnOnSockets(command, streams);
  if (streams === 'merged') return spawnOnPipes(command, pipe, undefined);
  const errorPipe = await openOutputPipe();
  if (errorPipe !== undefined) return spawnOnPipes(command, pipe, errorPipe);
  closeSync(pipe.reader);
  closeSync(pipe.writer);
  return spawnOnSockets(command, streams);
}

function spawnOnPipes(command: Command, pipe: OutputPipe, errorPipe: OutputPipe | undefined): SpawnedChild {
  const pipes = errorPipe === undefined ? [pipe] : [pipe, errorPipe];
  const sources = pipes.map(({ reader }) => new Socket({ fd: reader, readable: true, writable: false }));
  try {
    const child = Child.spawn(command, ['pipe', pipe.writer, (errorPipe ?? pipe).writer]);
    return { child, output: sources.slice(0, 1), errors: sources.slice(1) };
  } catch (error) {
    for (const source of sources) source.destroy();
    throw error;
  } finally {
    for (const { writer } of pipes) closeSync(writer);
  }
}

function spawnOnSockets(command: Command, streams: 'merged' | 'separate'): SpawnedChild {
  const child = Child.spawn(command, ['pipe', 'pipe', 'pipe']);
  const [output = [], errors = []] = [child.process.stdout, child.process.stderr].map((each) =>
    each === null ? [] : [each],
  );
  return streams === 'separate'
    ? { child, output, errors }
    : { child, output: [...output, ...errors], errors: [] };
}

function closedInput(cause?: unknown): InputError {
  return new InputError('closed', 'the process does not take input any more', { cause });
}
