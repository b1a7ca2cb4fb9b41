import type {
  CommandExecutionItem,
  FileChangeItem,
  RequestResult,
  ThreadItem,
  TurnError,
  TurnPlanStep,
} from '@millrace/protocol';
import type { ExecEnd, ExecOutput } from './exec-output.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { shownCommand } from './shown-command.js';
import type { TextWriter } from './text-writer.js';

/** Lines of a command's output that are shown, the last ones; more would push the rest of the run off the screen. */
const OUTPUT_LINES = 20;

const PLAN_MARKS = { pending: '[ ]', inProgress: '[>]', completed: '[x]' } as const;

export interface HumanOutputOptions {
  readonly stdout: TextWriter;
  readonly stderr: TextWriter;
  readonly paint: Paint;
}

/**
 * Progress on standard error, the final message on standard output.
 *
 * Where both are a terminal the message has been read as it streamed and is not repeated. What goes to a terminal is freed of control
 * characters; what goes to a file or a program is left as it is.
 */
export class HumanOutput implements ExecOutput {
  readonly #stdout: TextWriter;
  readonly #stderr: TextWriter;
  readonly #paint: Paint;
  /** The message whose line is still being written. */
  #live: { readonly itemId: string; text: string } | undefined;
  /** The command whose line was written last, so that its end needs no name. */
  #lastCommandId: string | undefined;

  constructor({ stdout, stderr, paint }: HumanOutputOptions) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#paint = paint;
  }

  threadStarted(started: RequestResult<'thread/start'>, prompt: string): Promise<void> {
    const { thread, model, modelProvider, cwd, sandbox, approvalPolicy } = started;
    const approvals = typeof approvalPolicy === 'string' ? approvalPolicy : 'granular';
    const facts = [
      ['directory', cwd],
      ['model', `${model} (${modelProvider})`],
      ['sandbox', SANDBOX_NAMES[sandbox.type]],
      ['approvals', approvals],
      ['thread', thread.id],
    ] as const;
    const lines = facts.map(([name, value]) => this.#paint('dim', `${name.padEnd(10)}${this.#clean(value)}`));
    const asked = this.#clean(prompt.trimEnd())
      .split('\n')
      .map((line) => this.#paint('cyan', `> ${line}`));
    return this.#lines([...lines, '', ...asked, '']);
  }

  async turnStarted(): Promise<void> {}

  async itemStarted(item: ThreadItem): Promise<void> {
    if (item.type !== 'commandExecution') return;
    this.#lastCommandId = item.id;
    await this.#lines([this.#commandLine(item)]);
  }

  async messageDelta(itemId: string, delta: string): Promise<void> {
    if (this.#live?.itemId !== itemId) await this.#endLine();
    this.#live ??= { itemId, text: '' };
    this.#live.text += delta;
    await this.#stderr.write(this.#clean(delta));
  }

  async itemCompleted(item: ThreadItem): Promise<void> {
    switch (item.type) {
      case 'agentMessage':
        return this.#endMessage(item.id, item.text);
      case 'reasoning':
        if (item.summary.length === 0) return;
        return this.#lines([this.#paint('dim', this.#clean(item.summary.join('\n')))]);
      case 'plan':
        return this.#lines([this.#clean(item.text)]);
      case 'commandExecution':
        return this.#endCommand(item);
      case 'fileChange':
        return this.#endFileChange(item);
      case 'mcpToolCall':
        return this.#lines([this.#clean(`tool ${item.server}.${item.tool}: ${item.status}`)]);
      case 'webSearch':
        return this.#lines([this.#clean(`searched the web: ${item.query}`)]);
      default:
        return;
    }
  }

  planUpdated(plan: readonly TurnPlanStep[]): Promise<void> {
    const steps = plan.map(({ step, status }) => `  ${PLAN_MARKS[status]} ${this.#clean(step)}`);
    return this.#lines(['plan', ...steps]);
  }

  async turnError({ message }: TurnError, willRetry: boolean): Promise<void> {
    if (willRetry) await this.#lines([this.#paint('yellow', `retrying: ${this.#clean(message)}`)]);
  }

  warning(message: string): Promise<void> {
    return this.#lines([this.#paint('yellow', `warning: ${this.#clean(message)}`)]);
  }

  lagged(skipped: number): Promise<void> {
    return this.#lines([
      this.#paint('yellow', `note: ${skipped} events were skipped because this output was read slowly`),
    ]);
  }

  async ended({ turn, usage, finalMessage }: ExecEnd): Promise<void> {
    const time = turn.durationMs === null ? '' : ` after ${turn.durationMs} ms`;
    const tokens =
      usage === undefined
        ? ''
        : `, ${usage.totalTokens} tokens (${usage.inputTokens} in, ${usage.outputTokens} out)`;
    if (turn.status === 'failed') await this.failed(turn.error?.message ?? 'the turn failed');
    await this.#lines(['', this.#paint('dim', `${turn.status}${time}${tokens}`)]);
    if (finalMessage === undefined || (this.#stdout.isTerminal && this.#stderr.isTerminal)) return;
    await this.#stdout.write(`${this.#stdout.isTerminal ? printable(finalMessage) : finalMessage}\n`);
  }

  failed(message: string): Promise<void> {
    return this.#lines([this.#paint('red', `error: ${this.#clean(message)}`)]);
  }

  async #endMessage(itemId: string, text: string): Promise<void> {
    const streamed = this.#live?.itemId === itemId ? this.#live.text : '';
    if (!text.startsWith(streamed)) {
      // Deltas are missing: the whole message counts.
      await this.#lines([this.#clean(text)]);
      return;
    }
    if (streamed === '') await this.#endLine();
    this.#live = undefined;
    await this.#stderr.write(`${this.#clean(text.slice(streamed.length))}\n`);
  }

  async #endCommand(item: CommandExecutionItem): Promise<void> {
    const name = this.#lastCommandId === item.id ? [] : [this.#commandLine(item)];
    const output = (item.aggregatedOutput ?? '').trimEnd();
    const all = output === '' ? [] : this.#clean(output).split('\n');
    const hidden = Math.max(0, all.length - OUTPUT_LINES);
    const shown = all.slice(hidden).map((line) => this.#paint('dim', `  ${line}`));
    const cut = hidden === 0 ? [] : [this.#paint('dim', `  … ${hidden} lines before these`)];
    await this.#lines([...name, ...cut, ...shown, this.#commandEnd(item)]);
  }

  #commandLine({ command }: CommandExecutionItem): string {
    return this.#paint('bold', `$ ${this.#clean(shownCommand(command))}`);
  }

  #commandEnd({ status, exitCode, durationMs }: CommandExecutionItem): string {
    if (status === 'declined') return this.#paint('yellow', '  not run: declined');
    const time = durationMs === null ? '' : ` after ${durationMs} ms`;
    if (exitCode === null) return this.#paint('red', `  ended without an exit code${time}`);
    return this.#paint(exitCode === 0 ? 'green' : 'red', `  exit ${exitCode}${time}`);
  }

  #endFileChange({ changes, status }: FileChangeItem): Promise<void> {
    const isDone = status === 'completed';
    const end = isDone ? '' : ` (${status})`;
    const lines = changes.map(({ path, kind }) =>
      this.#paint(isDone ? 'green' : 'red', `${kind.type} ${this.#clean(path)}${end}`),
    );
    return this.#lines(lines);
  }

  /** Whole lines, never in the middle of a message that streams. */
  async #lines(lines: readonly string[]): Promise<void> {
    await this.#endLine();
    await this.#stderr.write(`${lines.join('\n')}\n`);
  }

  async #endLine(): Promise<void> {
    if (this.#live === undefined) return;
    this.#live = undefined;
    await this.#stderr.write('\n');
  }

  #clean(text: string): string {
    return this.#stderr.isTerminal ? printable(text) : text;
  }
}

const SANDBOX_NAMES = {
  dangerFullAccess: 'danger-full-access',
  readOnly: 'read-only',
  externalSandbox: 'external',
  workspaceWrite: 'workspace-write',
} as const;
