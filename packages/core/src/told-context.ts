import type { ResponseItem } from './response-item.js';

/**
 * The text with that opening tag which the model was told last, by the agent itself; undefined where it was told none. What the
 * model is told again and again is known by its tag.
 */
export function lastTold(history: readonly ResponseItem[], tag: string): string | undefined {
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const item = history[index];
    if (item?.type !== 'message' || item.role === 'assistant') continue;
    const part = item.content.findLast((one) => one.type === 'input_text' && one.text.startsWith(tag));
    if (part?.type === 'input_text') return part.text;
  }
  return undefined;
}
