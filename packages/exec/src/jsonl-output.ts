import type { RequestResult, ThreadItem, TurnError, TurnPlanStep } from '@millrace/protocol';
import type { ExecEvent, ExecItemContent } from './exec-event.js';
import { toExecItem, toExecUsage, toTodoList } from './exec-item.js';
import type { ExecEnd, ExecOutput } from './exec-output.js';
import type { TextWriter } from './text-writer.js';

/** Items that appear only once they are whole. */
const COMPLETED_ONLY: readonly ThreadItem['type'][] = ['agentMessage', 'reasoning'];

/**
 * One JSON object a line on standard output, see {@link ExecEvent}. What failed before there was a thread goes to standard error.
 *
 * Memory: the id of each item, and the plan.
 */
export class JsonlOutput implements ExecOutput {
  readonly #stdout: TextWriter;
  readonly #stderr: TextWriter;
  /** Our ids by the server's. */
  readonly #ids = new Map<string, string>();
  #itemCount = 0;
  #plan: { readonly id: string; readonly content: ExecItemContent } | undefined;
  #hasThread = false;

  constructor(stdout: TextWriter, stderr: TextWriter) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  threadStarted({ thread }: RequestResult<'thread/start'>): Promise<void> {
    this.#hasThread = true;
    return this.#write({ type: 'thread.started', thread_id: thread.id });
  }

  turnStarted(): Promise<void> {
    return this.#write({ type: 'turn.started' });
  }

  async itemStarted(item: ThreadItem): Promise<void> {
    if (COMPLETED_ONLY.includes(item.type)) return;
    const content = toExecItem(item);
    if (content === undefined) return;
    await this.#write({ type: 'item.started', item: { id: this.#idOf(item), ...content } });
  }

  async messageDelta(): Promise<void> {}

  async itemCompleted(item: ThreadItem): Promise<void> {
    const content = toExecItem(item);
    if (content === undefined) return;
    await this.#write({ type: 'item.completed', item: { id: this.#idOf(item), ...content } });
  }

  planUpdated(plan: readonly TurnPlanStep[]): Promise<void> {
    const type = this.#plan === undefined ? 'item.started' : 'item.updated';
    const id = this.#plan?.id ?? this.#newId();
    const content = toTodoList(plan);
    this.#plan = { id, content };
    return this.#write({ type, item: { id, ...content } });
  }

  turnError({ message }: TurnError): Promise<void> {
    return this.#write({ type: 'error', message });
  }

  warning(message: string): Promise<void> {
    return this.#write({ type: 'item.completed', item: { id: this.#newId(), type: 'error', message } });
  }

  lagged(skipped: number): Promise<void> {
    return this.#write({ type: 'stream.lagged', skipped });
  }

  async ended({ turn, usage }: ExecEnd): Promise<void> {
    if (this.#plan !== undefined) {
      const { id, content } = this.#plan;
      await this.#write({ type: 'item.completed', item: { id, ...content } });
    }
    if (turn.status === 'completed') await this.#write({ type: 'turn.completed', usage: toExecUsage(usage) });
    else if (turn.status === 'interrupted') await this.#write({ type: 'turn.interrupted' });
    else {
      const message = turn.error?.message ?? 'the turn failed';
      await this.#write({ type: 'turn.failed', error: { message } });
    }
  }

  async failed(message: string): Promise<void> {
    if (this.#hasThread) await this.#write({ type: 'turn.failed', error: { message } });
    else await this.#stderr.write(`error: ${message}\n`);
  }

  #idOf(item: ThreadItem): string {
    const id = this.#ids.get(item.id) ?? this.#newId();
    this.#ids.set(item.id, id);
    return id;
  }

  #newId(): string {
    return `item_${this.#itemCount++}`;
  }

  #write(event: ExecEvent): Promise<void> {
    return this.#stdout.write(`${JSON.stringify(event)}\n`);
  }
}
