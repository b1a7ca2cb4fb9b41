import type { ModelEvent, ResponseItem } from '@millrace/core/ports';
import type { Instruction } from './prompt-language.js';

/** An instruction that calls a tool. */
export type CallInstruction = Extract<
  Instruction,
  { readonly type: 'run' | 'write' | 'edit' | 'plan' | 'ask' }
>;

/** Numbers that are joined at once when the text of a `stream` is made. */
const JOIN_SIZE = 1_024;

/** An assistant message in deltas of one word, the space after it included. */
export function* messageEvents(id: string, text: string): Generator<ModelEvent, void, void> {
  yield { type: 'itemStarted', item: { type: 'message', role: 'assistant', id, content: [] } };
  for (const delta of words(text)) yield { type: 'textDelta', itemId: id, delta };
  yield finishedMessage(id, text);
}

/**
 * An assistant message of `count` deltas: "0 ", "1 ", "2 " and so on.
 *
 * Memory: nothing is gathered while it streams; the text of the finished item is made once, at the end.
 */
export function* countingEvents(id: string, count: number): Generator<ModelEvent, void, void> {
  yield { type: 'itemStarted', item: { type: 'message', role: 'assistant', id, content: [] } };
  for (let index = 0; index < count; index += 1) yield { type: 'textDelta', itemId: id, delta: `${index} ` };
  yield finishedMessage(id, countingText(count));
}

/** A reasoning item with one summary part. */
export function* reasoningEvents(id: string, text: string): Generator<ModelEvent, void, void> {
  yield { type: 'itemStarted', item: { type: 'reasoning', id, summary: [] } };
  yield { type: 'reasoningSummaryPartAdded', itemId: id, summaryIndex: 0 };
  for (const delta of words(text))
    yield { type: 'reasoningSummaryTextDelta', itemId: id, summaryIndex: 0, delta };
  yield { type: 'itemCompleted', item: { type: 'reasoning', id, summary: [{ type: 'summary_text', text }] } };
}

/** A tool call: a custom tool's input is streamed line by line, a function's arguments come as a whole. */
export function* callEvents(suffix: string, instruction: CallInstruction): Generator<ModelEvent, void, void> {
  const call = toolCall(suffix, instruction);
  if (call.type === 'function_call') {
    yield { type: 'itemStarted', item: { ...call, arguments: '' } };
    yield { type: 'itemCompleted', item: call };
    return;
  }
  yield { type: 'itemStarted', item: { ...call, input: '' } };
  for (const delta of call.input.match(/[^\n]*\n/g) ?? [])
    yield { type: 'toolInputDelta', itemId: `ctc_${suffix}`, delta };
  yield { type: 'itemCompleted', item: call };
}

type ToolCall = Extract<ResponseItem, { readonly type: 'function_call' | 'custom_tool_call' }>;

function toolCall(suffix: string, instruction: CallInstruction): ToolCall {
  switch (instruction.type) {
    case 'run':
      return functionCall(suffix, 'exec_command', {
        cmd: instruction.command,
        ...(instruction.escalate && {
          sandbox_permissions: 'require_escalated',
          justification: 'The prompt asks to run this outside the sandbox.',
        }),
      });
    case 'plan':
      return functionCall(suffix, 'update_plan', {
        plan: instruction.steps.map((step, index) => ({
          step,
          status: index === 0 ? 'in_progress' : 'pending',
        })),
      });
    case 'ask':
      return functionCall(suffix, 'request_user_input', {
        questions: [
          {
            id: 'answer',
            header: 'Question',
            question: instruction.question,
            options: [
              { label: 'Yes', description: 'Answer yes.' },
              { label: 'No', description: 'Answer no.' },
            ],
          },
        ],
      });
    case 'write':
      return patchCall(suffix, [`*** Add File: ${instruction.path}`, ...marked('+', instruction.text)]);
    case 'edit': {
      const added = instruction.newLine === '' ? [] : marked('+', instruction.newLine);
      const lines = ['@@', ...marked('-', instruction.oldLine), ...added];
      return patchCall(suffix, [`*** Update File: ${instruction.path}`, ...lines]);
    }
  }
}

function functionCall(suffix: string, name: string, parameters: unknown): ToolCall {
  const id = `fc_${suffix}`;
  return {
    type: 'function_call',
    id,
    call_id: `call_${suffix}`,
    name,
    arguments: JSON.stringify(parameters),
  };
}

function patchCall(suffix: string, lines: readonly string[]): ToolCall {
  const input = ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n');
  return {
    type: 'custom_tool_call',
    id: `ctc_${suffix}`,
    call_id: `call_${suffix}`,
    name: 'apply_patch',
    input,
  };
}

function marked(mark: string, text: string): readonly string[] {
  return text.split('\n').map((line) => mark + line);
}

function finishedMessage(id: string, text: string): ModelEvent {
  return {
    type: 'itemCompleted',
    item: { type: 'message', role: 'assistant', id, content: [{ type: 'output_text', text }] },
  };
}

function* words(text: string): Generator<string, void, void> {
  for (const match of text.matchAll(/\s*\S+\s*|\s+/g)) yield match[0];
}

function countingText(count: number): string {
  const parts: string[] = [];
  for (let start = 0; start < count; start += JOIN_SIZE) {
    const length = Math.min(JOIN_SIZE, count - start);
    parts.push(`${Array.from({ length }, (_, offset) => start + offset).join(' ')} `);
  }
  return parts.join('');
}
