import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { systemClock } from '@millrace/channel';
import { startInProcess } from '@millrace/client/in-process';
import { EXIT_CODES, readPrompt, runExec, type TextStream, wantsColors } from '@millrace/exec';
import type { ApprovalPolicy, SandboxMode } from '@millrace/protocol';
import { VERSION } from '@millrace/runtime';
import type { ConfigOverride } from './config-override.js';
import { type SignalSource, StopSignals } from './stop-signals.js';
import { UsageError } from './user-error.js';

/** How long standard input may stay silent before the person is told that it is being waited for, in milliseconds. */
const STDIN_NOTE_MS = 1_000;

/** The part of the process that the command needs. */
export interface ExecProcess extends SignalSource {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: NodeJS.ProcessEnv;
}

/** What `millrace exec` was told on the command line. */
export interface ExecCommandOptions {
  readonly json?: true;
  readonly cd?: string;
  readonly sandbox?: SandboxMode;
  readonly approval?: Extract<ApprovalPolicy, string>;
  readonly model?: string;
  readonly provider?: string;
  readonly scripted?: true;
  readonly ephemeral?: true;
  readonly outputLastMessage?: string;
  readonly home?: string;
  readonly config?: ConfigOverride;
}

/**
 * Runs one prompt with a server in this process.
 *
 * The first SIGINT, SIGTERM or SIGHUP interrupts the turn and waits for its end, a second one ends the process at once.
 *
 * @returns The exit code: 0, 1, 129 by SIGHUP, 130 by SIGINT, 143 by SIGTERM.
 * @throws {UsageError} when the directory is none.
 */
export async function runExecCommand(
  argument: string | undefined,
  options: ExecCommandOptions,
  process: ExecProcess,
): Promise<number> {
  const stop = new StopSignals(process);
  try {
    const cwd = await workingDirectory(options.cd);
    const prompt = await waitForPrompt(argument, stop.signal, process);
    const exitCode = await runPrompt({ prompt, cwd, signal: stop.signal }, options, process);
    return exitCode === EXIT_CODES.interrupted ? (stop.exitCode ?? exitCode) : exitCode;
  } catch (error) {
    if (stop.exitCode !== undefined) return stop.exitCode;
    throw error;
  } finally {
    stop.close();
  }
}

interface PreparedRun {
  readonly prompt: string;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

async function runPrompt(
  run: PreparedRun,
  options: ExecCommandOptions,
  process: ExecProcess,
): Promise<number> {
  const { stdout, stderr, env } = process;
  const { home, config } = options;
  const client = await startInProcess({
    clientInfo: { name: 'millrace_exec', title: 'Millrace exec', version: VERSION },
    sessionSource: 'exec',
    environment: env,
    ...(home === undefined ? {} : { home }),
    ...(config === undefined ? {} : { config }),
  });
  try {
    return await runExec(client, {
      ...run,
      stdout,
      stderr,
      json: options.json,
      sandbox: options.sandbox,
      approvalPolicy: options.approval,
      model: options.model ?? (options.scripted ? 'scripted' : undefined),
      modelProvider: options.scripted ? 'scripted' : options.provider,
      isEphemeral: options.ephemeral,
      outputLastMessage: options.outputLastMessage,
      colors: wantsColors(stderr, env),
    });
  } finally {
    await client.shutdown();
  }
}

async function workingDirectory(given: string | undefined): Promise<string> {
  const path = resolve(given ?? '.');
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) throw new UsageError(`--cd: ${path} is no directory`);
  return path;
}

/** Reads the prompt, and says so when it takes long: a pipe that nobody closes would look like a hang. */
async function waitForPrompt(
  argument: string | undefined,
  signal: AbortSignal,
  { stdin, stderr }: ExecProcess,
): Promise<string> {
  const cancelNote = systemClock.schedule(STDIN_NOTE_MS, () => {
    stderr.write(
      'Reading standard input until it ends. Redirect it from /dev/null if there is nothing to read.\n',
    );
  });
  try {
    return await readPrompt({ argument, stdin, signal });
  } finally {
    cancelNote();
    // An open pipe that is not read any more would keep the process alive.
    stdin.destroy();
  }
}
