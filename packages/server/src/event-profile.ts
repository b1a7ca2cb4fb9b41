import type { EventProfile, MergeKeep } from '@millrace/channel';
import { type MergeRule, type NotificationMethod, SERVER_NOTIFICATIONS } from '@millrace/protocol';
import { kindOf, type NotificationEvent, type ServerEvent } from './server-event.js';
import { textBytes } from './text-bytes.js';

/** Bytes that every event is counted with besides its texts: the object, its entry in the queue, ids and numbers. */
const EVENT_BASE_BYTES = 256;

type Fields = Readonly<Record<string, unknown>>;

/**
 * How the event queue sees the server's events: everything it knows of them comes from the table in `protocol`.
 *
 * Sizes count two bytes for each UTF-16 unit of text, which is what V8 holds at most.
 */
export const serverEventProfile: EventProfile<ServerEvent> = {
  sizeOf: (event) => {
    if (event.type === 'reply') return EVENT_BASE_BYTES + 2 * event.text.length;
    if (event.type === 'farewell') return EVENT_BASE_BYTES + textBytes(event.threadIds);
    const { delta } = event.params as Fields;
    return EVENT_BASE_BYTES + (typeof delta === 'string' ? 2 * delta.length : textBytes(event.params));
  },
  groupOf: (event) => event.threadId,
  kindOf,
  latestKeyOf: (event) => (event.type === 'notification' ? latestKey(event) : ''),
  mergeKeyOf: (event) => (event.type === 'notification' ? streamOf(event.params as Fields) : undefined),
  merge: (queued, next, maxBytes, keep) =>
    queued.type === 'notification' && next.type === 'notification'
      ? merge(queued, next, maxBytes, keep)
      : undefined,
};

/** The item that an event belongs to: its start and end close the way for deltas around them. */
function streamOf(params: Fields): string | undefined {
  const { itemId, item } = params;
  if (typeof itemId === 'string') return itemId;
  return (item as { readonly id?: string } | undefined)?.id;
}

function latestKey({ method, params }: NotificationEvent): string {
  const row = SERVER_NOTIFICATIONS[method];
  if (row.delivery !== 'latest') return method;
  let key: string = method;
  for (const field of row.key) key += `\0${String((params as Fields)[field])}`;
  return key;
}

function mergeRule(method: NotificationMethod): MergeRule | undefined {
  const row = SERVER_NOTIFICATIONS[method];
  return row.delivery === 'lossless' || row.delivery === 'bestEffort' ? row.merge : undefined;
}

function merge(
  queued: NotificationEvent,
  next: NotificationEvent,
  maxBytes: number,
  keep: MergeKeep,
): NotificationEvent | undefined {
  const rule = mergeRule(next.method);
  if (rule === undefined || queued.method !== next.method) return undefined;
  const before = queued.params as Fields;
  const after = next.params as Fields;
  if (!rule.item.every((field) => before[field] === after[field])) return undefined;
  const text = `${String(before[rule.text])}${String(after[rule.text])}`;
  const room = Math.max(1, Math.floor((maxBytes - EVENT_BASE_BYTES) / 2));
  if (text.length <= room) return withText(next, before, rule, text, 0);
  if (keep === 'all') return undefined;
  // Cut to half of the room, so that the next pieces are only appended: a cut copies what it keeps.
  const start = boundaryAfter(text, text.length - Math.ceil(room / 2));
  return withText(next, before, rule, text.slice(start), utf8Bytes(text.slice(0, start)));
}

/** A new event; its number and time are those of the newer part, so that nobody takes it for older than it is. */
function withText(
  next: NotificationEvent,
  before: Fields,
  rule: MergeRule,
  text: string,
  dropped: number,
): NotificationEvent {
  const droppedBytes = Number(before.droppedBytes ?? 0) + dropped;
  const params = {
    ...(next.params as Fields),
    [rule.text]: text,
    ...(droppedBytes > 0 ? { droppedBytes } : undefined),
  };
  return { ...next, params: params as unknown as NotificationEvent['params'] };
}

/** The first place from `index` on that is not inside a character. */
function boundaryAfter(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index;
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
