import type { Inbound } from './connection.js';

/** Bytes that any value is counted with besides its text. */
const VALUE_BYTES = 8;
/** How deep a value is looked into; what lies deeper counts as nothing. Messages of the protocol are far flatter. */
const MAX_DEPTH = 16;

/** About how many bytes a value holds: two for each UTF-16 unit of its texts, which is what V8 holds at most. */
export function textBytes(value: unknown, depth = MAX_DEPTH): number {
  if (typeof value === 'string') return VALUE_BYTES + 2 * value.length;
  if (typeof value !== 'object' || value === null || depth === 0) return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  for (const key in value) bytes += textBytes((value as Readonly<Record<string, unknown>>)[key], depth - 1);
  return bytes;
}

/** The same for what a client says. */
export function inboundBytes(message: Inbound): number {
  if (message.type === 'result') return textBytes(message.result);
  return message.type === 'error' ? textBytes(message.error) : textBytes(message.params);
}
