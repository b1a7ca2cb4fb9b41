import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import {
  type ClientProcessRunner,
  type Clock,
  type ProcessRunner,
  type SandboxRules,
  type SandboxStatus,
  SpawnError,
  type SpawnRequest,
} from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import type { Command } from './child.js';
import { findExecutable } from './find-executable.js';
import type { ManagedProcess } from './managed-process.js';
import { PipeProcess } from './pipe-process.js';
import { RunningProcesses } from './running-processes.js';
import { type DetectedSandbox, probeSandbox } from './sandbox-probe.js';
import { sandboxedCommand } from './sandboxed-command.js';
import { behindGate } from './start-gate.js';
import { loadTerminalBinding, type TerminalBinding } from './terminal-binding.js';
import { TerminalProcess } from './terminal-process.js';

export interface ProcessRunnerOptions {
  readonly clock: Clock;
  /** Finds the sandbox; {@link probeSandbox} with this process's platform and search path when absent. */
  readonly probe?: () => Promise<DetectedSandbox>;
  /** Loads the terminals, or throws {@link SpawnError} `terminalUnsupported`; the optional native package when absent. */
  readonly loadTerminals?: () => TerminalBinding;
  /** Absolute paths that no sandboxed process may write, whatever roots it has: the home directory of this program. */
  readonly protectedPaths?: readonly string[];
}

/** Runs processes as children of this Node process. */
export interface LocalProcessRunner extends ClientProcessRunner, ProcessRunner {
  spawn(request: SpawnRequest): Promise<ManagedProcess>;
  /**
   * Refuses new processes, kills every process group that is left, and resolves when the processes were reaped, or after
   * `LIMITS.killGraceMs` for those that the kernel does not end. Idempotent.
   */
  close(): Promise<void>;
}

/**
 * Makes a runner, after one look at what sandbox there is.
 *
 * Whatever is still running when this Node process ends is killed then, also when it is killed itself.
 */
export async function createProcessRunner(options: ProcessRunnerOptions): Promise<LocalProcessRunner> {
  const { clock } = options;
  const probe =
    options.probe ?? (() => probeSandbox({ clock, platform: process.platform, path: process.env.PATH }));
  return new Runner(await probe(), options);
}

class Runner implements LocalProcessRunner {
  readonly #clock: Clock;
  readonly #detected: DetectedSandbox;
  readonly #loadTerminals: () => TerminalBinding;
  readonly #protectedPaths: readonly string[];
  readonly #running: RunningProcesses;

  constructor(detected: DetectedSandbox, options: ProcessRunnerOptions) {
    const { clock, loadTerminals = loadTerminalBinding, protectedPaths = [] } = options;
    this.#clock = clock;
    this.#detected = detected;
    this.#loadTerminals = loadTerminals;
    this.#protectedPaths = protectedPaths;
    this.#running = new RunningProcesses(clock, LIMITS.processes);
  }

  get sandbox(): SandboxStatus {
    const detected = this.#detected;
    return detected.type === 'available' ? { type: 'available', kind: detected.kind } : detected;
  }

  spawn(request: SpawnRequest): Promise<ManagedProcess> {
    return this.#running.start(() => this.#start(request));
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  async #start(request: SpawnRequest): Promise<ManagedProcess> {
    const { argv, cwd, env, terminal, sandbox } = request;
    await checkWorkingDirectory(cwd);
    await checkExecutable(request);
    const plain = { argv: behindGate(argv), cwd, env, isGated: true };
    const command = sandbox === null ? plain : await this.#wrap(plain, sandbox, terminal !== null);
    if (terminal !== null) {
      return TerminalProcess.start(command, { size: terminal, binding: this.#loadTerminals() }, this.#clock);
    }
    const { input, streams } = request;
    return PipeProcess.start(command, this.#clock, { input, streams });
  }

  async #wrap(command: Command, rules: SandboxRules, keepSession: boolean): Promise<Command> {
    const detected = this.#detected;
    if (detected.type === 'unavailable') {
      throw new SpawnError('sandboxUnavailable', `${detected.reason}; ${detected.remedy}`);
    }
    try {
      const { kind, executable } = detected;
      const protectedPaths = this.#protectedPaths;
      return await sandboxedCommand(command, kind, { executable, rules, keepSession, protectedPaths });
    } catch (cause) {
      throw new SpawnError('failed', `the sandbox could not be prepared: ${String(cause)}`, { cause });
    }
  }
}

async function checkWorkingDirectory(cwd: string): Promise<void> {
  try {
    if (isAbsolute(cwd) && (await stat(cwd)).isDirectory()) return await access(cwd, constants.X_OK);
  } catch (cause) {
    throw new SpawnError('badWorkingDirectory', `cannot work in ${cwd}: ${String(cause)}`, { cause });
  }
  throw new SpawnError('badWorkingDirectory', `cannot work in ${cwd}: not an absolute path of a directory`);
}

/** A sandbox and a terminal report a missing program only as the output of something else, so it is looked for first. */
async function checkExecutable({ argv: [name], cwd, env }: SpawnRequest): Promise<void> {
  const lookup = await findExecutable(name, { cwd, path: env.PATH });
  if (lookup.type === 'missing') throw new SpawnError('notFound', `there is no program ${name}`);
  if (lookup.type === 'denied') throw new SpawnError('failed', `${lookup.path} may not be run`);
}
