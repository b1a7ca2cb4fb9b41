import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { type ProcessExit, SpawnError } from '@millrace/core/ports';
import { type StandardStreams, withHiddenDescriptors } from './hidden-descriptors.js';
import { openNameless } from './nameless-file.js';
import { ProcessGroup } from './process-group.js';
import { GATE_DESCRIPTOR, openGate } from './start-gate.js';

/** What is run, with everything decided: no shell, no search for the directory, no other variables. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Bytes that the program finds to read at {@link ATTACHED_DESCRIPTOR}; nothing is there when absent. */
  readonly attached?: Uint8Array;
  /** Its program stands {@link behindGate}. */
  readonly isGated?: boolean;
}

/** The first descriptor after the standard ones and the gate. */
export const ATTACHED_DESCRIPTOR = GATE_DESCRIPTOR + 1;

/** A child of this Node process that leads a process group and a session of its own. */
export class Child {
  /** Resolves when the program runs; rejects with {@link SpawnError} when it could not be started. */
  readonly started: Promise<void>;
  /** Resolves once, when the child was reaped; never if it did not start. */
  readonly exited: Promise<ProcessExit>;
  readonly process: ChildProcess;
  readonly #group: ProcessGroup | undefined;

  private constructor(child: ChildProcess, command: Command) {
    this.process = child;
    this.#group = child.pid === undefined ? undefined : new ProcessGroup(child.pid);
    this.started = new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      // Stays for good: an 'error' without a listener would end the whole process.
      child.on('error', (error) => reject(toSpawnError(error, command)));
    });
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#group?.hasMembers();
        resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
      });
    });
  }

  /**
   * Starts a child. Listen to its streams and await {@link Child.started} before anything else is awaited.
   *
   * @throws {SpawnError} when the platform refuses at once.
   */
  static spawn(command: Command, streams: StandardStreams): Child {
    const [file, ...args] = command.argv;
    let attached: number | undefined;
    try {
      attached = command.attached === undefined ? undefined : openNameless(command.attached);
      const inherited = attached === undefined ? [] : [attached];
      const gate = command.isGated === true ? 'pipe' : 'ignore';
      const process = withHiddenDescriptors([...streams, gate, ...inherited], (stdio) =>
        spawn(file, args, { cwd: command.cwd, env: { ...command.env }, detached: true, stdio }),
      );
      const child = new Child(process, command);
      if (command.isGated === true && process.pid !== undefined) openGate(process, child.group);
      return child;
    } catch (error) {
      throw toSpawnError(error, command);
    } finally {
      if (attached !== undefined) closeSync(attached);
    }
  }

  /** Known only of a child that started. */
  get group(): ProcessGroup {
    if (this.#group === undefined) throw new Error(`${this.process.spawnfile} was never started`);
    return this.#group;
  }
}

function toSpawnError(error: unknown, command: Command): SpawnError {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const reason = error instanceof Error ? error.message : String(error);
  return new SpawnError(isMissing ? 'notFound' : 'failed', `cannot start ${command.argv[0]}: ${reason}`, {
    cause: error,
  });
}
