import { writeFile } from 'node:fs/promises';
import type { Client } from '@millrace/client';
import { type ApprovalPolicy, LIMITS, type RequestParams, type SandboxMode } from '@millrace/protocol';
import { ExecError } from './exec-error.js';
import type { ExecEnd, ExecOutput } from './exec-output.js';
import { EXIT_CODES, exitCodeOf } from './exit-code.js';
import { HumanOutput } from './human-output.js';
import { JsonlOutput } from './jsonl-output.js';
import { Notices, refuseRequest } from './notices.js';
import { createPaint } from './paint.js';
import { type TextStream, TextWriter } from './text-writer.js';
import { TurnTranscript } from './turn-transcript.js';

/** What to run, and where to show it. */
export interface ExecOptions {
  readonly prompt: string;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Where the agent works; the server's directory when absent. */
  readonly cwd?: string | undefined;
  /** One JSON object a line on `stdout` instead of text for people. */
  readonly json?: boolean | undefined;
  /** `never` when absent, since nobody is there to ask: any question is refused. */
  readonly approvalPolicy?: ApprovalPolicy | undefined;
  /** As configured when absent, which is read-only unless the configuration says otherwise. */
  readonly sandbox?: SandboxMode | undefined;
  readonly model?: string | undefined;
  readonly modelProvider?: string | undefined;
  /** Keeps nothing of the thread on disk. */
  readonly isEphemeral?: boolean | undefined;
  /** A file that gets the final message when the turn was completed. */
  readonly outputLastMessage?: string | undefined;
  /** Whether text on `stderr` is coloured; by default when that is a terminal. */
  readonly colors?: boolean | undefined;
  /** Aborted, the turn is interrupted and its end awaited. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs one prompt as one turn of a new thread and shows it, until that turn ends. What other threads do is ignored.
 *
 * The client stays open, and its `events()` must not be read by anybody else meanwhile. A slow reader of the output holds up the turn.
 * A lag is shown as such and what it hid is made up for; it fails nothing.
 *
 * @returns The exit code, see {@link EXIT_CODES}. What went wrong has been shown; the promise rejects only where `events()` is in use.
 */
export async function runExec(client: Client, options: ExecOptions): Promise<number> {
  const output = createOutput(options);
  const notices = new Notices(client, output);
  try {
    return await runThread(client, options, output);
  } catch (error) {
    await output.failed(error instanceof Error ? error.message : String(error));
    return EXIT_CODES.failed;
  } finally {
    await notices.close();
  }
}

function createOutput({ json, colors, signal, ...streams }: ExecOptions): ExecOutput {
  const stdout = new TextWriter(streams.stdout, signal);
  const stderr = new TextWriter(streams.stderr, signal);
  if (json === true) return new JsonlOutput(stdout, stderr);
  return new HumanOutput({ stdout, stderr, paint: createPaint(colors ?? stderr.isTerminal) });
}

async function runThread(client: Client, options: ExecOptions, output: ExecOutput): Promise<number> {
  const { prompt, signal } = options;
  const started = await client.request('thread/start', threadParams(options));
  await output.threadStarted(started, prompt);
  if (signal?.aborted === true) return EXIT_CODES.interrupted;
  const threadId = started.thread.id;
  const end = await runTurn(client, { threadId, prompt, signal }, output);
  // Nobody reads on; a server that serves others as well need not send more. It makes no difference to the result.
  await client.request('thread/unsubscribe', { threadId }).catch(() => {});
  if (end === undefined) {
    await output.failed('the event stream ended before the turn did');
    return EXIT_CODES.failed;
  }
  await output.ended(end);
  if (options.outputLastMessage !== undefined && end.turn.status === 'completed') {
    await writeLastMessage(options.outputLastMessage, end.finalMessage, output);
  }
  return exitCodeOf(end.turn.status);
}

function threadParams(options: ExecOptions): RequestParams<'thread/start'> {
  return {
    cwd: options.cwd,
    approvalPolicy: options.approvalPolicy ?? 'never',
    sandbox: options.sandbox,
    model: options.model,
    modelProvider: options.modelProvider,
    ephemeral: options.isEphemeral,
  };
}

interface TurnOptions {
  readonly threadId: string;
  readonly prompt: string;
  readonly signal: AbortSignal | undefined;
}

/** Resolves with the end of the turn; undefined when its events ended first. */
async function runTurn(
  client: Client,
  { threadId, prompt, signal }: TurnOptions,
  output: ExecOutput,
): Promise<ExecEnd | undefined> {
  // A model may think for as long as its server lets it; only what is silent beyond that hangs.
  const inactivityMs = 2 * LIMITS.sseIdleMs;
  const run = client.runTurn({ threadId, input: [{ type: 'text', text: prompt }] }, { inactivityMs });
  // An interrupt that comes too late is refused, and then there is nothing to interrupt.
  const interrupt = (): void => void run.interrupt().catch(() => {});
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    const { id } = await run.started;
    const transcript = new TurnTranscript(id, output);
    for await (const event of run) {
      if (event.type === 'request') refuseRequest(client, event);
      const end = await transcript.take(event);
      if (end !== undefined) return end;
    }
    return undefined;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

async function writeLastMessage(
  path: string,
  message: string | undefined,
  output: ExecOutput,
): Promise<void> {
  if (message === undefined)
    await output.warning(`the agent said nothing, so ${path} is written without content`);
  try {
    await writeFile(path, message ?? '');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ExecError('lastMessageNotWritten', `cannot write the last message: ${reason}`, { cause });
  }
}
