import { literalPattern, messageText } from '@millrace/core';
import { LIMITS, type ThreadSearchOccurrence, type Turn } from '@millrace/protocol';
import { encodeCursor, invalidCursor } from '../anchored-page.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { snippetAt } from '../snippet.js';
import { threadHistory } from '../thread-history.js';

/** Handles `thread/searchOccurrences`: every place in one thread where something was said, oldest message first. */
export const handleThreadSearchOccurrences: Handler<'thread/searchOccurrences'> = async (params, context) => {
  const { searchTerm, limit } = params;
  if (searchTerm.trim() === '') {
    throw invalidRequest('thread/searchOccurrences requires a non-empty searchTerm');
  }
  const threadId = params.threadId.toLowerCase();
  const search: Search = { threadId, searchTerm };
  const start = typeof params.cursor === 'string' ? parseCursor(params.cursor, search) : 0;
  const size = Math.min(Math.max(limit ?? LIMITS.defaultPageSize, 1), LIMITS.maxPageSize);
  const data: ThreadSearchOccurrence[] = [];
  let place = 0;
  for (const occurrence of occurrencesIn(await threadHistory(threadId, context), search)) {
    if (place === start + size) return { data, nextCursor: JSON.stringify({ ...search, place }) };
    if (place >= start) data.push(occurrence());
    place += 1;
  }
  return { data, nextCursor: null };
};

/** What is looked for; a cursor is good for the same search only. */
interface Search {
  readonly threadId: string;
  readonly searchTerm: string;
}

/** Each occurrence as a function, because most of them are only counted. */
function* occurrencesIn(
  turns: readonly Turn[],
  { threadId, searchTerm }: Search,
): Generator<() => ThreadSearchOccurrence, void, void> {
  const pattern = literalPattern(searchTerm);
  for (const turn of turns) {
    for (const item of turn.items) {
      const text = messageText(item) ?? '';
      for (const match of text.matchAll(pattern)) {
        yield () => {
          const snippet = snippetAt(text, match.index, match.index + match[0].length);
          return {
            turnId: turn.id,
            itemId: item.id,
            snippet: snippet.text,
            snippetMatchRange: { start: snippet.start, end: snippet.end },
            turnCursor: encodeCursor({ kind: 'turns', threadId }, { key: turn.id, includes: true }),
          };
        };
      }
    }
  }
}

/** @throws {RpcError} `invalidRequest` for a text that is no cursor of this search. */
function parseCursor(cursor: string, search: Search): number {
  try {
    const value = JSON.parse(cursor) as Partial<Search & { readonly place: number }> | null;
    const isOurs = value?.threadId === search.threadId && value.searchTerm === search.searchTerm;
    if (isOurs && Number.isSafeInteger(value.place)) return value.place ?? 0;
  } catch {
    // Not even JSON.
  }
  throw invalidCursor(cursor);
}
