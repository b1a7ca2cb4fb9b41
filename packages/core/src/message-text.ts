import { LIMITS, type ThreadItem, type UserInput } from '@millrace/protocol';

/** The text of an input; empty when it has none. */
export function textOf(content: readonly UserInput[]): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** What the user or the agent says in an item; undefined for an item in which nobody speaks, or nothing is said. */
export function messageText(item: ThreadItem): string | undefined {
  if (item.type === 'userMessage') return textOf(item.content) || undefined;
  return item.type === 'agentMessage' ? item.text || undefined : undefined;
}

/** What a search over threads looks through of an item. */
export function searchableText(item: ThreadItem): string | undefined {
  return messageText(item)?.slice(0, LIMITS.searchedChars);
}
