import { newWebSearch, type WebSearchAction, type WebSearchItem } from '@millrace/protocol';
import type { OtherItem } from './response-item.js';

type Fields = Readonly<Record<string, unknown>>;

/** A search of the provider as clients see it. The provider says what it did only when it has done it. */
export function webSearchItem(call: OtherItem, startedAtMs: number): WebSearchItem {
  return newWebSearch({ id: call.id ?? '', startedAtMs, action: readAction(call.action) });
}

function readAction(action: unknown): WebSearchAction {
  const fields = typeof action === 'object' && action !== null ? (action as Fields) : {};
  const url = textOrNull(fields.url);
  switch (fields.type) {
    case 'search':
      return { type: 'search', query: textOrNull(fields.query), queries: textsOrNull(fields.queries) };
    case 'open_page':
      return { type: 'openPage', url };
    case 'find_in_page':
      return { type: 'findInPage', url, pattern: textOrNull(fields.pattern) };
    default:
      return { type: 'other' };
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function textsOrNull(value: unknown): string[] | null {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : null;
}
