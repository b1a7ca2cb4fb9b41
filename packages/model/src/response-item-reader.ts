import type { MessageContent, ResponseItem } from '@millrace/core/ports';
import { isRecord, type JsonRecord, textIn } from './json-record.js';

/** Kinds of items that are kept as they came and sent back unchanged. */
const PASSED_THROUGH = [
  'web_search_call',
  'image_generation_call',
  'tool_search_call',
  'compaction',
] as const;

/**
 * Reads an item of a response. Unknown fields are kept.
 *
 * An item of an unknown kind, or without the fields of its kind, becomes `{ type: 'unknown', id, original }`.
 *
 * @param id The item's own id, or the one that it is given.
 */
export function readResponseItem(item: JsonRecord, id: string): ResponseItem {
  const type = textIn(item, 'type');
  const passed = PASSED_THROUGH.find((kind) => kind === type);
  if (passed !== undefined) return { ...item, type: passed, id };
  switch (type) {
    case 'message':
      return {
        ...item,
        type,
        id,
        role: 'assistant',
        content: recordsIn(item, 'content').flatMap(readContent),
      };
    case 'reasoning':
      return readReasoning(item, id);
    case 'function_call':
    case 'custom_tool_call':
      return readCall(item, type, id);
    default:
      return { type: 'unknown', id, original: item };
  }
}

/** The item as it stands at its start: known by kind and name, with nothing in it yet. */
export function emptied(item: ResponseItem): ResponseItem {
  switch (item.type) {
    case 'message':
      return { ...item, content: [] };
    case 'reasoning':
      return { ...item, summary: [], ...(item.content && { content: [] }) };
    case 'function_call':
      return { ...item, arguments: '' };
    case 'custom_tool_call':
      return { ...item, input: '' };
    default:
      return item;
  }
}

/** What a request sends for an item of the history; undefined for one that no server would take back. */
export function toWireItem(item: ResponseItem): unknown {
  if (item.type !== 'unknown') return item;
  return isRecord(item.original) ? item.original : undefined;
}

function readReasoning(item: JsonRecord, id: string): ResponseItem {
  const encrypted = textIn(item, 'encrypted_content');
  const content = recordsIn(item, 'content').flatMap((part) => {
    const type = part.type === 'text' ? ('text' as const) : ('reasoning_text' as const);
    const text = textIn(part, 'text');
    return text === undefined ? [] : [{ type, text }];
  });
  const summary = recordsIn(item, 'summary').flatMap((part) => {
    const text = textIn(part, 'text');
    return text === undefined ? [] : [{ type: 'summary_text' as const, text }];
  });
  return {
    type: 'reasoning',
    id,
    summary,
    ...(content.length > 0 && { content }),
    ...(encrypted !== undefined && { encrypted_content: encrypted }),
  };
}

function readCall(item: JsonRecord, type: 'function_call' | 'custom_tool_call', id: string): ResponseItem {
  const callId = textIn(item, 'call_id');
  const name = textIn(item, 'name');
  const input = textIn(item, type === 'function_call' ? 'arguments' : 'input');
  if (callId === undefined || name === undefined) return { type: 'unknown', id, original: item };
  if (type === 'custom_tool_call') return { ...item, type, id, call_id: callId, name, input: input ?? '' };
  return { ...item, type, id, call_id: callId, name, arguments: input ?? '' };
}

/** A refusal is what the model says, so it is text like any other. */
function readContent(part: JsonRecord): readonly MessageContent[] {
  const text = textIn(part, part.type === 'refusal' ? 'refusal' : 'text');
  return text === undefined ? [] : [{ type: 'output_text', text }];
}

function recordsIn(item: JsonRecord, field: string): readonly JsonRecord[] {
  const value = item[field];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
