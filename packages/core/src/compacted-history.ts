import { LIMITS } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import { openingContext, PROJECT_INSTRUCTIONS } from './environment-context.js';
import { modeContext } from './mode-context.js';
import { approximateTokens, truncateForModel } from './model-output.js';
import type { MessageItem, ResponseItem } from './response-item.js';
import type { Settings } from './settings.js';

/** What a program puts into the user's role stands in one element: `<environment_context>…</environment_context>`. */
const CONTEXT_ELEMENT = /^\s*<([a-z_]+)>[\s\S]*<\/\1>\s*$/;

/**
 * What takes the place of a history: who and where the model is, what the user said last within `LIMITS.compactedUserTokens`, and
 * the summary. The user's own words are kept because a summary of a wish is not the wish.
 */
export async function compactedHistory(
  history: readonly ResponseItem[],
  summary: string,
  { settings, ports }: { readonly settings: Settings; readonly ports: AgentPorts },
): Promise<ResponseItem[]> {
  const text = `<conversation_summary>\nWhat was said before was replaced by this summary. Go on from it, and do not do again what it says is done.\n\n${summary}\n</conversation_summary>`;
  return [
    ...(await openingContext(settings, ports)),
    ...modeContext(settings, [], ports),
    ...recentUserMessages(history),
    {
      type: 'message',
      id: `msg_${ports.ids.uuid()}`,
      role: 'user',
      content: [{ type: 'input_text', text }],
    },
  ];
}

/** Whether there is more in a history than a compacted one would have. */
export function isWorthCompacting(history: readonly ResponseItem[]): boolean {
  return history.some((item) => item.type !== 'message' || item.role === 'assistant');
}

/** The newer half of a history, without answers to calls of the older one. */
export function newerHalf(history: readonly ResponseItem[]): ResponseItem[] {
  const half = history.slice(Math.ceil(history.length / 2));
  const calls = new Set(half.flatMap((item) => (isCall(item) ? [item.call_id] : [])));
  return half.filter((item) => !isAnswer(item) || calls.has(item.call_id));
}

/** The user's last messages as text, oldest first; the oldest of them may be shortened. */
function recentUserMessages(history: readonly ResponseItem[]): ResponseItem[] {
  const recent: MessageItem[] = [];
  let tokens: number = LIMITS.compactedUserTokens;
  for (let index = history.length - 1; index >= 0 && tokens > 0; index -= 1) {
    const item = history[index];
    const text = item === undefined ? '' : userText(item);
    if (item?.type !== 'message' || text === '') continue;
    const kept = truncateForModel(text, tokens);
    recent.unshift({ ...item, content: [{ type: 'input_text', text: kept }] });
    tokens -= approximateTokens(text);
  }
  return recent;
}

/** What the user wrote; empty for everything else. */
function userText(item: ResponseItem): string {
  if (item.type !== 'message' || item.role !== 'user') return '';
  const texts = item.content.flatMap((part) => (part.type === 'input_text' ? [part.text] : []));
  return texts.filter((text) => !isContext(text)).join('\n');
}

function isContext(text: string): boolean {
  return CONTEXT_ELEMENT.test(text) || text.startsWith(PROJECT_INSTRUCTIONS);
}

function isCall(item: ResponseItem) {
  return item.type === 'function_call' || item.type === 'custom_tool_call';
}

function isAnswer(item: ResponseItem) {
  return item.type === 'function_call_output' || item.type === 'custom_tool_call_output';
}
