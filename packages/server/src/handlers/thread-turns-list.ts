import { LIMITS } from '@millrace/protocol';
import { decodeCursor, invalidCursor } from '../anchored-page.js';
import type { Handler } from '../handlers.js';
import { threadHistory, turnsPage } from '../thread-history.js';

/** Handles `thread/turns/list`: newest first unless the client says otherwise. */
export const handleThreadTurnsList: Handler<'thread/turns/list'> = async (params, context) => {
  const { threadId, cursor, limit, sortDirection, itemsView } = params;
  const turns = await threadHistory(threadId, context);
  const scope = { kind: 'turns' as const, threadId: threadId.toLowerCase() };
  const request = {
    scope,
    anchor: decodeCursor(scope, cursor),
    direction: sortDirection ?? 'desc',
    limit: limit ?? LIMITS.defaultPageSize,
  };
  const page = turnsPage(turns, request, itemsView ?? 'summary');
  if (page === undefined) throw invalidCursor(cursor ?? '');
  return page;
};
