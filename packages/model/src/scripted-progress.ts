import type { MessageContent, ResponseItem } from '@millrace/core/ports';

/** A tool call that was answered. */
export interface AnsweredCall {
  readonly name: string;
  /** JSON text of a function's arguments, or a custom tool's input. */
  readonly input: string;
  /** What the tool told the model. */
  readonly output: string;
}

/** How far a scripted turn is. */
export interface ScriptedProgress {
  /** The user's latest words; undefined when the user said nothing yet. */
  readonly prompt: string | undefined;
  /** How many messages the user wrote in this thread, the latest included. */
  readonly promptCount: number;
  /** The calls that were made and answered since then, in the order of the answers. */
  readonly answered: readonly AnsweredCall[];
}

/** What a program puts into the user's role stands in one element: `<environment_context>…</environment_context>`. */
const CONTEXT_ELEMENT = /^\s*<([a-z_]+)>[\s\S]*<\/\1>\s*$/;

/**
 * Reads the progress from the history alone, so that it survives a restart and a repeated request.
 *
 * The latest user message decides what is done: one that steers a running turn takes the place of what was left of the
 * message before it.
 */
export function readProgress(input: readonly ResponseItem[]): ScriptedProgress {
  let prompt: string | undefined;
  let promptCount = 0;
  let answered: AnsweredCall[] = [];
  const calls = new Map<string, { readonly name: string; readonly input: string }>();
  for (const item of input) {
    if (item.type === 'function_call') calls.set(item.call_id, { name: item.name, input: item.arguments });
    if (item.type === 'custom_tool_call') calls.set(item.call_id, { name: item.name, input: item.input });
    if (item.type === 'function_call_output' || item.type === 'custom_tool_call_output') {
      const call = calls.get(item.call_id);
      if (call !== undefined) answered.push({ ...call, output: textOf(item.output) });
    }
    if (item.type !== 'message' || item.role !== 'user') continue;
    const words = userWords(item.content);
    if (words === undefined) continue;
    prompt = words;
    promptCount += 1;
    answered = [];
    calls.clear();
  }
  return { prompt, promptCount, answered };
}

/** The text that the user wrote; undefined when the message holds nothing but context. An image alone is empty text. */
function userWords(content: readonly MessageContent[]): string | undefined {
  const own = content.filter((part) => part.type === 'input_image' || !CONTEXT_ELEMENT.test(part.text));
  return own.length === 0 ? undefined : textOf(own);
}

function textOf(content: string | readonly MessageContent[]): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'input_image' ? [] : [part.text])).join('\n');
}
