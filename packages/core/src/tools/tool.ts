import type { CustomSpec, FunctionSpec } from '../ports.js';
import type { MessageContent } from '../response-item.js';
import type { TurnContext } from '../turn-context.js';

/** Something that the model can call. */
export interface Tool {
  readonly spec: FunctionSpec | CustomSpec;
  /** The family that the model finds the tool in; only functions have one. */
  readonly namespace?: ToolNamespace;
  /** Whether the tool is offered and accepted in this turn. */
  isEnabled(context: TurnContext): boolean;
  /**
   * Runs one call and returns what the model is told; a failure that the model should know of is such a text too. Rejects only
   * when the turn was interrupted, with the signal's reason, after everything that the call started has ended.
   */
  run(call: ToolCall, context: TurnContext): Promise<ToolOutput>;
}

/** Tools that belong together, such as those of one server. */
export interface ToolNamespace {
  readonly name: string;
  readonly description: string;
}

/** Where tools come from. What it has may change between two rounds of a turn. */
export interface ToolSource {
  tools(): readonly Tool[];
}

/** What the model is told of a call: text, or text and images. */
export type ToolOutput = string | readonly MessageContent[];

export interface ToolCall {
  readonly callId: string;
  /** JSON text of a function call, free text of a custom one; as the model wrote it. */
  readonly input: string;
}

/** Arguments of a function call, checked, or the text that tells the model what is wrong with them. */
export type Arguments<T> =
  | { readonly type: 'valid'; readonly value: T }
  | { readonly type: 'invalid'; readonly text: string };
