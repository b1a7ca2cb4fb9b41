import { DynamicToolCallResponse, LIMITS, newDynamicToolCall } from '@millrace/protocol';
import type { DynamicTool } from '../dynamic-tool.js';
import { truncateForModel } from '../model-output.js';
import type { QuestionOutcome } from '../ports.js';
import type { MessageContent } from '../response-item.js';
import type { TurnContext } from '../turn-context.js';
import { parseJson } from './arguments.js';
import type { Tool, ToolCall, ToolOutput, ToolSource } from './tool.js';

type Answer = DynamicToolCallResponse;

/** The tools that the client of a thread brought along: each call is a request to the client. */
export function clientTools(tools: readonly DynamicTool[]): ToolSource {
  const all = tools.map(toTool);
  return { tools: () => all };
}

function toTool(tool: DynamicTool): Tool {
  const { namespace, name, description, inputSchema } = tool;
  return {
    spec: { type: 'function', name, description, parameters: inputSchema },
    ...(namespace === null ? {} : { namespace }),
    isEnabled: () => true,
    run: (call, context) => callClientTool(tool, call, context),
  };
}

async function callClientTool(tool: DynamicTool, call: ToolCall, context: TurnContext): Promise<ToolOutput> {
  const { threadId, turnId, output, ports, signal } = context;
  const parsed = parseJson(call.input);
  if (parsed.type === 'invalid') return parsed.text;
  const asked = {
    namespace: tool.namespace?.name ?? null,
    tool: tool.name,
    arguments: parsed.value,
  };
  const item = newDynamicToolCall({ id: call.callId, startedAtMs: output.now(), ...asked });
  await output.started(item);
  const startedAt = ports.clock.monotonic();
  const params = { threadId, turnId, callId: call.callId, ...asked };
  const outcome = await ports.questions.ask(threadId, 'item/tool/call', params, signal);
  const answer = signal.aborted ? NOTHING : answerOf(outcome);
  const { success, contentItems } = answer;
  const durationMs = Math.round(ports.clock.monotonic() - startedAt);
  await output.completed({
    ...item,
    status: success ? 'completed' : 'failed',
    contentItems: [...contentItems],
    success,
    durationMs,
  });
  if (signal.aborted) throw signal.reason;
  return toModelOutput(contentItems);
}

const NOTHING: Answer = { contentItems: [], success: false };

function answerOf(outcome: QuestionOutcome): Answer {
  if (outcome.type !== 'answered') return failure('dynamic tool request failed');
  return (
    DynamicToolCallResponse.safeParse(outcome.result).data ?? failure('dynamic tool response was invalid')
  );
}

function failure(text: string): Answer {
  return { contentItems: [{ type: 'inputText', text }], success: false };
}

/** A single text goes to the model as it is; more than that as the parts that they are. */
function toModelOutput(items: Answer['contentItems']): ToolOutput {
  const [first, ...rest] = items;
  if (first?.type === 'inputText' && rest.length === 0) return forModel(first.text);
  return items.map(toContent);
}

function toContent(item: Answer['contentItems'][number]): MessageContent {
  switch (item.type) {
    case 'inputText':
      return { type: 'input_text', text: forModel(item.text) };
    case 'inputImage':
      return { type: 'input_image', image_url: item.imageUrl, detail: 'high' };
    case 'inputAudio':
      return { type: 'input_text', text: 'The tool gave audio, which cannot be passed on.' };
  }
}

function forModel(text: string): string {
  return truncateForModel(text, LIMITS.maxModelOutputTokens);
}
