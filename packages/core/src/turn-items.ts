import type { ThreadItem } from '@millrace/protocol';
import { GrowingText } from './growing-text.js';

/** Which of an item's texts a delta belongs to. */
export type ItemText = 'text' | 'summary' | 'content';

interface Entry {
  item: ThreadItem;
  isOpen: boolean;
  /** What streamed into an open item so far: its text, or its parts by index. */
  readonly text: GrowingText;
  readonly summary: string[];
  readonly content: string[];
}

/**
 * The items of one turn, in the order in which they started: the finished ones as they were completed, the open ones with what
 * streamed into them so far. The server's side of "state rebuilt from the stream equals server state" (EV-9).
 *
 * Memory: what the model and the tools produced in the turn; each text is bounded where it is produced.
 */
export class TurnItems {
  readonly #entries = new Map<string, Entry>();

  /** Opens an item. An item of the same id starts over: a model stream that broke sends its item again. */
  start(item: ThreadItem): void {
    this.#entries.set(item.id, { item, isOpen: true, text: new GrowingText(), summary: [], content: [] });
  }

  /** Adds a delta to an open item; part `index` for the texts of a reasoning item. */
  append(itemId: string, part: ItemText, index: number, delta: string): void {
    const entry = this.#entries.get(itemId);
    if (entry === undefined || !entry.isOpen) return;
    if (part === 'text') entry.text.append(delta);
    else entry[part][index] = (entry[part][index] ?? '') + delta;
  }

  /** Closes an item with its final content. */
  complete(item: ThreadItem): void {
    const entry = this.#entries.get(item.id);
    if (entry === undefined)
      this.#entries.set(item.id, { item, isOpen: false, text: new GrowingText(), summary: [], content: [] });
    else {
      entry.item = item;
      entry.isOpen = false;
      entry.text.clear();
      entry.summary.length = 0;
      entry.content.length = 0;
    }
  }

  find(itemId: string): ThreadItem | undefined {
    return this.#entries.get(itemId)?.item;
  }

  /** An item as it stands, with what has streamed into it. */
  current(itemId: string): ThreadItem | undefined {
    const entry = this.#entries.get(itemId);
    return entry && current(entry);
  }

  isOpen(itemId: string): boolean {
    return this.#entries.get(itemId)?.isOpen === true;
  }

  /** The items that are open, each as it stands. */
  open(): ThreadItem[] {
    return [...this.#entries.values()].filter((entry) => entry.isOpen).map(current);
  }

  /** All items, each as it stands. */
  all(): ThreadItem[] {
    return [...this.#entries.values()].map(current);
  }

  /** The agent's last finished message, which is what a completed turn shows as its result. */
  lastAgentMessage(): ThreadItem | undefined {
    let last: ThreadItem | undefined;
    for (const entry of this.#entries.values()) {
      if (!entry.isOpen && entry.item.type === 'agentMessage') last = entry.item;
    }
    return last;
  }
}

function current({ item, isOpen, text, summary, content }: Entry): ThreadItem {
  if (!isOpen) return item;
  if (item.type === 'agentMessage' || item.type === 'plan')
    return { ...item, text: `${item.text}${text.toString()}` };
  if (item.type === 'reasoning') {
    return { ...item, summary: [...summary], content: [...content] };
  }
  return item;
}
