import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Clock, ProcessExit } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { Child, type Command } from './child.js';
import { InputError } from './input-error.js';
import { openInputPipe } from './input-pipe.js';
import type { ManagedProcess } from './managed-process.js';
import type { Pipe } from './named-pipe.js';
import { openOutputPipe } from './output-pipe.js';
import type { OutputQueue } from './output-queue.js';
import { OutputReader } from './output-reader.js';
import type { ProcessGroup } from './process-group.js';
import { PROCESS_LIMITS } from './process-limits.js';

/** How a process is connected. */
export interface PipeStreams {
  /** `none` gives it nothing to read; `open` by default. */
  readonly input?: 'open' | 'none' | undefined;
  /** Whether error and output are one stream; `merged` by default. */
  readonly streams?: 'merged' | 'separate' | undefined;
}

/**
 * A process on pipes.
 *
 * Input: a pipe, or nothing. Where no pipe can be made it is a socket.
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
  /** Undefined where there is none to write to. */
  readonly #input: Writable | undefined;
  readonly #output: OutputReader;
  readonly #errors: OutputReader;
  readonly #clock: Clock;
  #hasDrainTimedOut = false;
  #state: 'running' | 'killed' | 'exited' = 'running';
  #cancelGrace: (() => void) | undefined;

  private constructor({ child, input, output, errors }: SpawnedChild, clock: Clock) {
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
    input?.on('error', () => {});
    void child.exited.then(() => this.#handleExit());
  }

  /** Rejects with {@link SpawnError}; then nothing is running. */
  static async start(command: Command, clock: Clock, streams: PipeStreams = {}): Promise<PipeProcess> {
    const spawned = await spawnOn(command, streams);
    const { child, input, output, errors } = spawned;
    if (child.process.pid === undefined) {
      for (const stream of [...output, ...errors]) stream.destroy();
      input?.destroy();
      await child.started; // Rejects with the reason.
      throw new Error('a process without an id was started');
    }
    const running = new PipeProcess(spawned, clock);
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
    this.#input?.end();
  }

  write(bytes: Uint8Array): Promise<void> {
    const input = this.#input;
    if (input?.writable !== true) return Promise.reject(closedInput());
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
    this.#input?.destroy();
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
  readonly input: Writable | undefined;
  readonly output: readonly Readable[];
  readonly errors: readonly Readable[];
}

/** What the process gets as its input: a descriptor that it reads and this process closes, a socket, or nothing. */
interface Input {
  readonly stream: number | 'pipe' | 'ignore';
  readonly writer: Socket | undefined;
}

async function spawnOn(
  command: Command,
  { input = 'open', streams = 'merged' }: PipeStreams,
): Promise<SpawnedChild> {
  const given = await openInput(input);
  try {
    const pipes = await openOutputPipes(streams);
    return pipes === undefined
      ? spawnOnSockets(command, given, streams)
      : spawnOnPipes(command, given, pipes);
  } catch (error) {
    given.writer?.destroy();
    throw error;
  } finally {
    if (typeof given.stream === 'number') closeSync(given.stream);
  }
}

async function openInput(input: 'open' | 'none'): Promise<Input> {
  if (input === 'none') return { stream: 'ignore', writer: undefined };
  const pipe = await openInputPipe();
  if (pipe === undefined) return { stream: 'pipe', writer: undefined };
  return { stream: pipe.reader, writer: new Socket({ fd: pipe.writer, readable: false, writable: true }) };
}

/** One for both streams or one for each; undefined where not all of them can be made. */
async function openOutputPipes(
  streams: 'merged' | 'separate',
): Promise<readonly [Pipe, ...Pipe[]] | undefined> {
  const pipe = await openOutputPipe();
  if (pipe === undefined || streams === 'merged') return pipe && [pipe];
  const errorPipe = await openOutputPipe();
  if (errorPipe !== undefined) return [pipe, errorPipe];
  closeSync(pipe.reader);
  closeSync(pipe.writer);
  return undefined;
}

function spawnOnPipes(command: Command, input: Input, pipes: readonly [Pipe, ...Pipe[]]): SpawnedChild {
  const sources = pipes.map(({ reader }) => new Socket({ fd: reader, readable: true, writable: false }));
  const [pipe, errorPipe = pipe] = pipes;
  try {
    const child = Child.spawn(command, [input.stream, pipe.writer, errorPipe.writer]);
    return { child, input: inputOf(child, input), output: sources.slice(0, 1), errors: sources.slice(1) };
  } catch (error) {
    for (const source of sources) source.destroy();
    throw error;
  } finally {
    for (const { writer } of pipes) closeSync(writer);
  }
}

function spawnOnSockets(command: Command, given: Input, streams: 'merged' | 'separate'): SpawnedChild {
  const child = Child.spawn(command, [given.stream, 'pipe', 'pipe']);
  const [output = [], errors = []] = [child.process.stdout, child.process.stderr].map((each) =>
    each === null ? [] : [each],
  );
  const input = inputOf(child, given);
  return streams === 'separate'
    ? { child, input, output, errors }
    : { child, input, output: [...output, ...errors], errors: [] };
}

function inputOf(child: Child, { writer }: Input): Writable | undefined {
  return writer ?? child.process.stdin ?? undefined;
}

function closedInput(cause?: unknown): InputError {
  return new InputError('closed', 'the process does not take input any more', { cause });
}
