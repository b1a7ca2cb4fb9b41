import { LIMITS, type ParsedParams, type ThreadItemEntry } from '@millrace/protocol';
import { type Anchor, anchoredPage, decodeCursor, invalidCursor, type PageScope } from '../anchored-page.js';
import type { Handler } from '../handlers.js';
import { itemEntries, itemKey, threadHistory } from '../thread-history.js';

/** Handles `thread/items/list`: oldest first unless the client says otherwise. */
export const handleThreadItemsList: Handler<'thread/items/list'> = async (params, context) => {
  const { threadId, turnId, cursor, limit, sortDirection } = params;
  const turns = await threadHistory(threadId, context);
  const entries = itemEntries(turns.filter((turn) => typeof turnId !== 'string' || turn.id === turnId));
  const scope = { kind: 'items' as const, threadId: threadId.toLowerCase() };
  const page = anchoredPage(entries, itemKey, {
    scope,
    anchor: anchorOf(cursor, entries, scope),
    direction: sortDirection ?? 'asc',
    limit: limit ?? LIMITS.defaultPageSize,
  });
  if (page === undefined) throw invalidCursor(JSON.stringify(cursor));
  return page;
};

/** @throws {RpcError} `invalidRequest` for an item that is not there. */
function anchorOf(
  cursor: ParsedParams<'thread/items/list'>['cursor'],
  entries: readonly ThreadItemEntry[],
  scope: PageScope,
): Anchor | undefined {
  if (typeof cursor !== 'object' || cursor === null) return decodeCursor(scope, cursor);
  const entry = entries.find(({ item }) => item.id === cursor.itemId);
  if (entry === undefined) throw invalidCursor(cursor.itemId);
  return { key: itemKey(entry), includes: false };
}
