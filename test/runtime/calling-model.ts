import type {
  FunctionCallItem,
  ModelClient,
  ModelEvent,
  ModelRequest,
  ResponseItem,
} from '@millrace/core/ports';

/** A call that the model makes; arguments that are no string are written as JSON. */
export interface ScriptedCall {
  readonly name: string;
  readonly namespace?: string;
  readonly arguments?: unknown;
}

/**
 * A model that makes the calls it was told to make, one response each, and then says `done`. It keeps what it was asked, so that a
 * test sees what a model would have seen.
 */
export class CallingModel implements ModelClient {
  readonly provider = 'calling';
  readonly streamMaxRetries = 0;
  readonly models = [];
  readonly requests: ModelRequest[] = [];
  readonly #calls: ScriptedCall[] = [];
  #count = 0;

  constructor(...calls: readonly ScriptedCall[]) {
    this.#calls.push(...calls);
  }

  /** Makes these calls next. */
  push(...calls: readonly ScriptedCall[]): void {
    this.#calls.push(...calls);
  }

  /** What the tools have answered, in the order of the calls. */
  get outputs(): unknown[] {
    return (this.requests.at(-1)?.input ?? []).flatMap((item) =>
      item.type === 'function_call_output' ? [item.output] : [],
    );
  }

  /** The tools of the latest request: plain ones by name, others by namespace and names. */
  get tools(): string[] {
    return (this.requests.at(-1)?.tools ?? []).map((spec) =>
      spec.type === 'namespace' ? `${spec.name}(${spec.tools.map(({ name }) => name).join(' ')})` : spec.name,
    );
  }

  async *stream(request: ModelRequest): AsyncIterable<readonly ModelEvent[]> {
    this.requests.push({ ...request, input: [...request.input] });
    const call = this.#calls.shift();
    this.#count += 1;
    const item = call === undefined ? this.#message() : this.#call(call);
    yield [
      { type: 'itemStarted', item },
      { type: 'itemCompleted', item },
      { type: 'completed', responseId: `response-${this.#count}`, usage: null },
    ];
  }

  #message(): ResponseItem {
    const content = [{ type: 'output_text' as const, text: 'done' }];
    return { type: 'message', role: 'assistant', id: `message-${this.#count}`, content };
  }

  #call({ name, namespace, arguments: given = {} }: ScriptedCall): FunctionCallItem {
    return {
      type: 'function_call',
      id: `item-${this.#count}`,
      call_id: `call-${this.#count}`,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      arguments: typeof given === 'string' ? given : JSON.stringify(given),
    };
  }
}
