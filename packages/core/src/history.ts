import type { CustomToolCallItem, FunctionCallItem, ResponseItem } from './response-item.js';
import type { ToolOutput } from './tools/tool.js';

/** What a call is answered with when its turn ended before it did. */
const ABORTED_OUTPUT = 'aborted';

/**
 * What the model is given: everything said in the thread, oldest first.
 *
 * Kept valid for a model at all times: each tool call has exactly one output before the next request is made.
 */
export class History {
  readonly #items: ResponseItem[] = [];
  #deferred: ResponseItem[] = [];

  get items(): readonly ResponseItem[] {
    return this.#items;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  append(...items: readonly ResponseItem[]): void {
    for (const item of items) this.#items.push(item);
  }

  /** Everything said so far is replaced. */
  replace(items: readonly ResponseItem[]): void {
    this.#items.length = 0;
    this.append(...items);
  }

  /** Keeps an item until {@link takeDeferred}: what belongs to one model response must not be torn apart. */
  defer(item: ResponseItem): void {
    this.#deferred.push(item);
  }

  /** What was put off, in order; it is the caller's to append now. */
  takeDeferred(): readonly ResponseItem[] {
    const deferred = this.#deferred;
    this.#deferred = [];
    return deferred;
  }

  /** Outputs for the calls that have none: after a crash or an interrupt a model would refuse the history without them. */
  missingOutputs(): ResponseItem[] {
    const answered = new Set(this.#items.map(answeredCall).filter((callId) => callId !== undefined));
    return this.#items
      .filter(isCall)
      .filter((call) => !answered.has(call.call_id))
      .map((call) => callOutput(call, ABORTED_OUTPUT));
  }
}

/** The output item that answers a call. */
export function callOutput(call: FunctionCallItem | CustomToolCallItem, output: ToolOutput): ResponseItem {
  const type = call.type === 'function_call' ? 'function_call_output' : 'custom_tool_call_output';
  return { type, call_id: call.call_id, output };
}

function isCall(item: ResponseItem): item is FunctionCallItem | CustomToolCallItem {
  return item.type === 'function_call' || item.type === 'custom_tool_call';
}

function answeredCall(item: ResponseItem): string | undefined {
  return item.type === 'function_call_output' || item.type === 'custom_tool_call_output'
    ? item.call_id
    : undefined;
}
