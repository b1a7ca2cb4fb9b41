import { searchableText } from './message-text.js';
import type { StoredThreads } from './stored-threads.js';
import type { Thread } from './thread.js';
import { type FoundThread, mergeFound, selectThreads, type ThreadQuery } from './thread-query.js';

/**
 * The threads that a query asks for, loaded or not; a loaded one counts as it is now. Threads of which nothing is kept yet, and
 * ephemeral ones, are left out. Rejects with `StoreError`.
 */
export async function searchThreads(
  query: ThreadQuery,
  threads: ReadonlyMap<string, Thread>,
  stored: StoredThreads,
): Promise<readonly FoundThread[]> {
  const loaded = new Map([...threads].filter(([, { isKept }]) => isKept));
  const excludedIds = [...query.excludedIds, ...loaded.keys()];
  const found = await stored.find({ ...query, excludedIds });
  const summaries = [...loaded.values()].map((thread) => thread.summary);
  const live = await selectThreads(summaries, query, async ({ meta }) => textsOf(loaded.get(meta.id)));
  return mergeFound(found, live, query);
}

function* textsOf(thread: Thread | undefined): Generator<string, void, void> {
  yield thread?.summary.name ?? '';
  for (const turn of thread?.turns.all() ?? [])
    for (const item of turn.items) yield searchableText(item) ?? '';
}
